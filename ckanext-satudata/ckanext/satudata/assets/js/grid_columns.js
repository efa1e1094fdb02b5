/* The columns of a table nobody made before: named, typed, added and dropped. */
(function () {
  'use strict';

  var MOST = 60;

  /* grid: columns, titled(column), prepared(column), added(column), dropped(at), rebuild() */
  window.satudataColumns = function (root, types, grid) {
    var list = root.querySelector('[data-es-columns]'), add = root.querySelector('[data-es-column]');
    if (!list) { return; }

    function form() {
      list.textContent = '';
      grid.columns.forEach(line);
      add.disabled = grid.columns.length >= MOST;
    }

    function line(column, at) {
      var made = document.createElement('li'), drop = document.createElement('button');
      var name = field(made, 'input', 'name', grid.titled(column), at);
      var type = field(made, 'select', 'type', column.type, at), unit = field(made, 'input', 'unit', column.unit || '', at);
      unit.placeholder = list.dataset.short;
      drop.type = 'button';
      drop.className = 'sd-btn sd-btn--sm';
      drop.textContent = '×';
      drop.setAttribute('aria-label', list.dataset.drop.replace('{number}', at + 1));
      drop.disabled = grid.columns.length === 1;
      made.appendChild(drop);
      name.addEventListener('change', function () { column.title = name.value.trim(); column.name = ''; grid.rebuild(); });
      type.addEventListener('change', function () { column.type = type.value; renew(column); grid.rebuild(); });
      unit.addEventListener('change', function () { column.unit = unit.value.trim(); grid.rebuild(); });
      drop.addEventListener('click', function () { grid.dropped(at); form(); grid.rebuild(); });
      list.appendChild(made);
    }

    function field(line, tag, label, value, at) {
      var made = document.createElement(tag);
      made.className = 'sd-input';
      made.setAttribute('aria-label', list.dataset[label].replace('{number}', at + 1));
      if (tag === 'select') {
        Object.keys(types).forEach(function (code) {
          var option = document.createElement('option');
          option.value = code;
          option.textContent = types[code];
          made.appendChild(option);
        });
      } else { made.maxLength = 100; }
      made.value = value;
      line.appendChild(made);
      return made;
    }

    /* What follows from another type; the server decides it again. */
    function renew(column) {
      column.figure = column.type === 'integer' || column.type === 'number';
      column.key = !column.figure;
      if (column.type !== 'string') {
        column.options = [];
        column.closed = false;
        column.reference = '';
        grid.prepared(column);
      }
      column.required = column.type === 'year' || column.type === 'yearmonth' || Boolean(column.reference);
    }

    add.addEventListener('click', function () {
      grid.added(grid.prepared({ name: '', title: '', type: 'string', unit: '', options: [], key: true, figure: false }));
      form();
      grid.rebuild();
      list.lastChild.querySelector('input').focus();
    });
    form();
  };
}());
