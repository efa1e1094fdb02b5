/* Sums of the figures, to compare with the paper they were typed from; they are not handed in. */
(function () {
  'use strict';

  function sums(list, note, columns, rows, titled) {
    var C = window.satudataCells, any = false;
    list.textContent = '';
    columns.forEach(function (column, at) {
      if (!column.figure || /persen|%|indeks|rata/i.test(column.unit + ' ' + titled(column))) { return; }
      var places = 0, sum = rows.reduce(function (sum, row) {
        try {
          var value = C.read(row[at], column.type);
          places = Math.max(places, (value.split('.')[1] || '').length);
          return sum + (value ? Number(value) : 0);
        } catch (wrong) { return sum; }
      }, 0);
      var name = document.createElement('dt'), figure = document.createElement('dd');
      name.textContent = titled(column) + (column.unit ? ' (' + column.unit + ')' : '');
      figure.textContent = C.shown(sum.toFixed(Math.min(places, 6)), 'number');
      list.appendChild(name);
      list.appendChild(figure);
      any = true;
    });
    note.hidden = !any;
  }

  window.satudataSums = sums;
}());
