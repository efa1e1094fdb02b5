/* The small grid. The library draws and scrolls the cells and moves between them; what a cell means,
   pasting blocks, undo, sums and saving are here. Texts only ever become text nodes and values. */
(function () {
  'use strict';

  var UNDO = 60;

  function start(root) {
    if (!window.Tabulator || !window.satudataCells) { return; }
    var given = JSON.parse(root.querySelector('[data-es-data]').textContent);
    var words = root.dataset, most = Number(words.most), C = window.satudataCells;
    var columns = given.grid.columns.map(C.prepared), fresh = given.grid.mode === 'kosong';
    var rows = given.grid.rows.map(function (row) { return row.slice(); });
    var past = [], future = [], here = null, table = null, bad = {}, serial = 0, order = [], view = [];

    function one(name) { return root.querySelector('[data-es-' + name + ']'); }
    function tell(text) { one('told').textContent = text; }
    function titled(column) {
      var name = (column.name || '').replace(/_+/g, ' ').trim();
      return column.title || name.charAt(0).toUpperCase() + name.slice(1);
    }

    function read(column, text) { return C.of(column, text, given.months); }
    function written(column, text) { return C.written(column, text, given.months); }

    /* -------------------------------------------------------------- what is wrong */
    function check() {
      var seen = {}, keys = [], figures = columns.some(function (each) { return each.figure; });
      columns.forEach(function (each, at) { if (each.key) { keys.push(at); } });
      bad = {};
      rows.forEach(function (row, number) {
        var values = [], wrong = false;
        if (!row.some(function (cell) { return cell.trim(); })) { return; }
        columns.forEach(function (column, at) {
          try {
            values.push(read(column, row[at]));
            if (!values[at] && column.required) { throw new C.Wrong('kosong', ''); }
          } catch (error) {
            values[at] = '';
            wrong = true;
            bad[number + '/' + at] = said(error.code, error.value, '');
          }
        });
        if (wrong || !figures || !keys.length) { return; }
        var key = JSON.stringify(keys.map(function (at) { return values[at]; }));
        if (seen[key] === undefined) { seen[key] = number; } else { bad[number + '/' + keys[0]] = said('ganda', '', seen[key] + 1); }
      });
      return Object.keys(bad);
    }

    function said(code, value, row) {
      return (given.words[code] || code).replace('{value}', value).replace('{row}', row);
    }

    function place(number, at) { return words.row.replace('{row}', number + 1).replace('{column}', titled(columns[at])); }

    function listed() {
      var wrong = check(), list = one('bad-list');
      one('bad').hidden = !wrong.length;
      one('bad-count').textContent = words.bad.replace('{count}', wrong.length);
      list.textContent = '';
      wrong.slice(0, 20).forEach(function (key) {
        var parts = key.split('/').map(Number), line = document.createElement('li'), button = document.createElement('button');
        button.type = 'button';
        button.className = 'es-link';
        button.textContent = place(parts[0], parts[1]);
        button.addEventListener('click', function () { go(parts[0], parts[1]); });
        line.appendChild(button);
        line.appendChild(document.createTextNode(': ' + bad[key]));
        list.appendChild(line);
      });
      return wrong;
    }

    function sums() { window.satudataSums(one('sums'), one('sums-note'), columns, rows, titled); }

    /* -------------------------------------------------------------- changes */
    /* An open editor is closed before its row is drawn anew, with what was typed. */
    function leave() {
      var at = document.activeElement;
      if (at && at.classList.contains('es-input')) { at.blur(); }
    }

    function step(work) {
      leave();
      past.push(rows.map(function (row) { return row.slice(); }));
      if (past.length > UNDO) { past.shift(); }
      future = [];
      work();
      after();
    }

    function after(drawn) {
      listed();
      sums();
      one('undo').disabled = !past.length;
      one('redo').disabled = !future.length;
      keep.changed();
      if (!drawn) { refresh(); }
    }

    function back(from, to, words) {
      leave();
      if (!from.length) { return; }
      to.push(rows);
      rows = from.pop();
      after();
      tell(words);
    }

    function data() {
      order = rows.map(function () { serial += 1; return serial; });
      return rows.map(function (row, number) {
        var made = { id: order[number] };
        row.forEach(function (cell, at) { made['c' + at] = cell; });
        return made;
      });
    }

    /* Redraw all, without losing where one is. */
    function refresh() {
      if (!table) { return Promise.resolve(); }
      return table.replaceData(data());
    }

    /* Only what changed is drawn anew after one cell, so that the next editor stays open. */
    function marks() {
      table.getRows('visible').forEach(function (row) { row.getCells().forEach(dress); });
    }

    function dress(cell) {
      var at = position(cell);
      if (at.column < 0) { return; }
      var message = bad[at.row + '/' + at.column], element = cell.getElement();
      element.classList.toggle('es-wrong', Boolean(message));
      if (message) { element.title = message; element.setAttribute('aria-invalid', 'true'); } else { element.removeAttribute('title'); element.removeAttribute('aria-invalid'); }
    }

    function position(cell) {
      var field = cell.getField();
      return { row: order.indexOf(cell.getRow().getIndex()), column: field && field.charAt(0) === 'c' ? Number(field.slice(1)) : -1 };
    }

    function go(row, column) {
      var found = table.getRow(order[row]);
      if (!found) { return; }
      Promise.resolve(table.scrollToRow(found, 'nearest', false)).catch(function () {}).then(function () {
        var cell = found.getCell('c' + column);
        if (!cell) { return; }
        cell.getElement().scrollIntoView({ block: 'nearest', inline: 'nearest' });
        cell.edit(true);
      });
    }

    /* -------------------------------------------------------------- cells */
    function formatter(cell) {
      var at = position(cell), column = columns[at.column], text = String(cell.getValue() || '');
      var made = document.createElement('span'), label = column && column.labels[text];
      made.textContent = text;
      if (label && label !== text && rows[at.row] && rows[at.row].indexOf(label) < 0) {
        var more = document.createElement('small');
        more.textContent = ' ' + label;
        made.appendChild(more);
      }
      setTimeout(function () { if (cell.getElement()) { dress(cell); } }, 0);
      return made;
    }

    function editor(cell, rendered, success, cancel) {
      var at = position(cell), column = columns[at.column], input = document.createElement('input'), over = false;
      here = at;
      one('remove').disabled = false;
      input.type = 'text';
      input.className = 'es-input';
      input.value = cell.getValue() || '';
      input.maxLength = 1001;
      input.autocomplete = 'off';
      input.inputMode = column.type === 'integer' || column.type === 'year' ? 'numeric' : column.type === 'number' ? 'decimal' : 'text';
      input.setAttribute('aria-label', place(at.row, at.column));
      if (column.options && column.options.length) { input.setAttribute('list', choices(at.column)); }
      if (bad[at.row + '/' + at.column]) { tell(place(at.row, at.column) + ': ' + bad[at.row + '/' + at.column]); input.setAttribute('aria-invalid', 'true'); }
      rendered(function () { input.focus({ preventScroll: true }); input.select(); });

      function done() {
        if (over) { return; }
        over = true;
        var text = written(column, input.value);
        if (text === (cell.getValue() || '')) { cancel(); } else { success(text); }
      }
      input.addEventListener('blur', done);
      input.addEventListener('keydown', function (event) {
        if (event.key === 'Enter') {
          event.preventDefault();
          if (at.row + 1 < rows.length) { cell.navigateDown(); } else { done(); }
        } else if (event.key === 'Escape') {
          over = true;
          cancel();
        } else if (event.key === 'Home' || event.key === 'End') {
          event.stopPropagation();
        } else if ((event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key) && input.value === (cell.getValue() || '')) {
          over = true;
          cancel();
        }
      });
      input.addEventListener('paste', function (event) {
        var text = event.clipboardData ? event.clipboardData.getData('text/plain') : '';
        if (!/[\t\n\r]/.test(text.replace(/[\r\n]+$/, ''))) { return; }
        event.preventDefault();
        over = true;
        cancel();
        paste(window.satudataBlock.read(text), at.row, at.column);
      });
      return input;
    }

    function choices(at) {
      var id = 'es-pilihan-' + at, list = document.getElementById(id);
      if (!list) {
        list = document.createElement('datalist');
        list.id = id;
        columns[at].options.forEach(function (pair) {
          var option = document.createElement('option');
          option.value = pair[1] && pair[1] !== pair[0] ? pair[0] + ' ' + pair[1] : pair[0];
          list.appendChild(option);
        });
        root.appendChild(list);
      }
      return id;
    }

    /* -------------------------------------------------------------- pasting */
    function paste(lines, row, column) {
      var says = [], targets = view.slice(view.indexOf(column)).map(function (at) { return columns[at]; });
      if (lines.length > 1 && lines[0].every(function (cell, at) {
        var text = C.fold(cell), to = targets[at];
        return text && to && (text === C.fold(titled(to)) || text === C.fold(to.name || ''));
      })) {
        lines = lines.slice(1);
        says.push(words.head);
      }
      var wide = lines.reduce(function (most, line) { return Math.max(most, line.length); }, 0);
      var fit = Math.min(wide, targets.length), count = Math.min(lines.length, most - row);
      if (window.satudataBlock.english(lines, targets)) {
        lines = lines.map(function (line) {
          return line.map(function (cell, at) {
            var to = targets[at];
            return to && to.figure && /^\s*[-+]?[\d.,]+\s*$/.test(cell) ? cell.replace(/,/g, '').replace('.', ',') : cell;
          });
        });
        says.push(words.english);
      }
      step(function () {
        while (rows.length < row + count) { rows.push(columns.map(function () { return ''; })); }
        lines.slice(0, count).forEach(function (line, down) {
          line.slice(0, fit).forEach(function (cell, across) {
            rows[row + down][columns.indexOf(targets[across])] = written(targets[across], cell).slice(0, 1001);
          });
        });
      });
      says.unshift(words.pasted.replace('{rows}', count).replace('{columns}', fit));
      if (wide > fit) { says.push(words.cut.replace('{count}', wide - fit)); }
      if (lines.length > count) { says.push(words.short.replace('{count}', lines.length - count)); }
      tell(says.join(' '));
    }

    /* -------------------------------------------------------------- columns of a new table */
    /* On a small screen what a row is called stands beside its figures; what all rows share, and
       codes of what is named, come after. The file keeps its order. */
    function ordered() {
      var all = columns.map(function (each, at) { return at; });
      if (window.innerWidth >= 640) { return all; }
      var coded = columns.some(function (each) { return each.reference; });
      function rank(at) {
        var column = columns[at], first = rows.length ? rows[0][at] : '';
        if (column.figure) { return 2; }
        if (!column.key) { return 3; }
        if (rows.length > 1 && rows.every(function (row) { return row[at] === first; })) { return 4; }
        return column.reference && coded && columns.some(function (each, other) {
          return other !== at && rows.some(function (row) { return row[other] && row[other] === column.labels[row[at]]; });
        }) ? 5 : 1;
      }
      return all.sort(function (a, b) { return rank(a) - rank(b) || a - b; });
    }

    function definitions() {
      view = ordered();
      var small = window.innerWidth < 640;
      return [{ title: '', field: 'nr', width: small ? 34 : 46, frozen: small, hozAlign: 'right', cssClass: 'es-nr', resizable: false, editable: false, formatter: function (cell) {
        return document.createTextNode(order.indexOf(cell.getRow().getIndex()) + 1);
      } }].concat(view.map(function (at, place) {
        var column = columns[at], first = small && place === 0 && view.length > 2;
        return {
          field: 'c' + at, title: '', headerHozAlign: column.figure ? 'right' : 'left', titleFormatter: function () { return heading(column, at); }, formatter: formatter, editor: editor,
          hozAlign: column.figure ? 'right' : 'left', minWidth: 72, width: first ? Math.min(width(column, at), 116) : width(column, at), frozen: first, cssClass: column.figure ? 'es-figure' : 'es-key'
        };
      }));
    }

    function width(column, at) {
      var longest = rows.slice(0, 100).reduce(function (most, row) {
        var label = column.labels[row[at]];
        return Math.max(most, (row[at] || '').length + (label ? label.length + 1 : 0));
      }, Math.min(titled(column).length, 18));
      return Math.max(column.figure ? 110 : 84, Math.min(longest * 8.2 + 28, 240));
    }

    function heading(column, at) {
      var made = document.createElement('span'), unit = document.createElement('small');
      made.textContent = titled(column) || words.row.replace('{row}', '').replace('{column}', at + 1);
      unit.textContent = column.unit || '';
      made.appendChild(unit);
      return made;
    }

    function forget() { past = []; future = []; here = null; }

    function rebuild() {
      leave();
      Array.prototype.forEach.call(root.querySelectorAll('datalist'), function (each) { each.remove(); });
      table.setColumns(definitions());
      after();
    }

    /* -------------------------------------------------------------- begin */
    var keep = window.satudataKeeper(root, given.grid, function () {
      var sent = { table: given.grid.table, mode: given.grid.mode, rows: rows };
      if (fresh) {
        sent.columns = columns.map(function (each) {
          return { title: titled(each), type: each.type, satuan: each.unit || '', kode_referensi: each.reference || '' };
        });
      }
      return sent;
    });
    root.hidden = false;
    document.querySelector('[data-es-without]').hidden = true;
    table = new window.Tabulator(one('table'), {
      data: data(), columns: definitions(), index: 'id', layout: 'fitDataTable', maxHeight: '62vh', columnDefaults: { headerSort: false },
      keybindings: { undo: false, redo: false, copyToClipboard: false }, tabEndNewRow: false, placeholder: words.empty
    });
    window.satudataGrid = { rows: function () { return rows; }, ready: false };
    table.on('tableBuilt', function () { window.satudataGrid.ready = true; });
    table.on('cellEdited', function (cell) {
      var at = position(cell), value = String(cell.getValue() || '');
      if (at.row < 0 || at.column < 0) { return; }
      past.push(rows.map(function (row) { return row.slice(); }));
      if (past.length > UNDO) { past.shift(); }
      future = [];
      rows[at.row][at.column] = value;
      after(true);
      marks();
      tell(bad[at.row + '/' + at.column] ? place(at.row, at.column) + ': ' + bad[at.row + '/' + at.column] : '');
    });
    one('undo').addEventListener('click', function () { back(past, future, words.undone); });
    one('redo').addEventListener('click', function () { back(future, past, words.redone); });
    one('add').addEventListener('click', function () {
      if (rows.length >= most) { tell(words.full.replace('{most}', most)); return; }
      var at = here ? Math.min(here.row + 1, rows.length) : rows.length, like = rows[at - 1] || [];
      step(function () {
        rows.splice(at, 0, columns.map(function (column, number) {
          return column.type === 'year' || column.type === 'yearmonth' || column.name === 'tahun' ? like[number] || '' : '';
        }));
      });
      tell(words.added.replace('{row}', at + 1));
      setTimeout(function () { go(at, view.filter(function (number) { return !rows[at][number]; })[0] || 0); }, 60);
    });
    one('remove').addEventListener('click', function () {
      if (!here || here.row >= rows.length) { return; }
      var at = here.row;
      step(function () { rows.splice(at, 1); });
      tell(words.removed.replace('{row}', at + 1));
      if (!rows.length) { here = null; one('remove').disabled = true; } else { here.row = Math.min(at, rows.length - 1); }
    });
    window.satudataColumns(root, given.types, {
      columns: columns, titled: titled, prepared: C.prepared, rebuild: rebuild,
      added: function (column) { columns.push(column); rows.forEach(function (row) { row.push(''); }); forget(); },
      dropped: function (at) { columns.splice(at, 1); rows.forEach(function (row) { row.splice(at, 1); }); forget(); }
    });
    document.addEventListener('keydown', function (event) {
      if (!(event.ctrlKey || event.metaKey) || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { return; }
      if (/^z$/i.test(event.key) && !event.shiftKey) { event.preventDefault(); back(past, future, words.undone); }
      else if (/^y$/i.test(event.key) || (/^z$/i.test(event.key) && event.shiftKey)) { event.preventDefault(); back(future, past, words.redone); }
    });
    root.addEventListener('es-told', function (event) { tell(event.detail); });
    one('submit').addEventListener('submit', function (event) {
      var sending = event.target;
      if (sending.dataset.ready) { return; }
      event.preventDefault();
      if (document.activeElement && document.activeElement.blur) { document.activeElement.blur(); }
      setTimeout(function () {
        var wrong = listed(), names = columns.map(function (each) { return C.fold(titled(each)); });
        delete sending.dataset.sent;
        if (names.some(function (name, at) { return !name || names.indexOf(name) !== at; })) { tell(words.unnamed); one('told').scrollIntoView({ block: 'center' }); return; }
        if (!rows.some(function (row) { return row.some(function (cell) { return cell.trim(); }); })) { tell(words.empty); return; }
        if (wrong.length) {
          var first = wrong[0].split('/').map(Number);
          tell(words.first);
          go(first[0], first[1]);
          return;
        }
        if (!keep.mark().draft_id) { keep.changed(); }
        keep.now().then(function (saved) {
          if (!saved) { one('state').scrollIntoView({ block: 'center' }); return; }
          sending.elements.draft_id.value = keep.mark().draft_id;
          sending.elements.version.value = keep.mark().version;
          keep.leave();
          sending.dataset.ready = '1';
          sending.submit();
        });
      }, 0);
    });
    listed();
    sums();
  }

  document.addEventListener('DOMContentLoaded', function () {
    Array.prototype.forEach.call(document.querySelectorAll('[data-es-grid]'), start);
  });
}());
