/* Without it what is pasted arrives as text with tabs. With it the cells of the page that spreadsheets
   put into the clipboard are kept as well (merged cells, figures as shown), and shown before they are
   sent. Nothing of that page is ever put into this one but text. */
(function () {
  'use strict';

  var SHOWN = 12, WIDE = 40, SKIPPED = /^(SCRIPT|STYLE|TEMPLATE|NOSCRIPT|SVG|OBJECT|IFRAME|SELECT|TEXTAREA|TITLE)$/i;

  /* Only cells, spans and lines: what the server would keep of it, at a tenth of the bytes. */
  function kept(html) {
    var page = new DOMParser().parseFromString(html, 'text/html');
    var out = [];
    (function walk(node, inside) {
      Array.prototype.forEach.call(node.childNodes, function (each) {
        if (each.nodeType === 3) { out.push(escaped(each.nodeValue)); return; }
        if (each.nodeType !== 1 || SKIPPED.test(each.tagName)) { return; }
        var tag = each.tagName.toLowerCase();
        if (/^(table|tr|td|th|caption)$/.test(tag)) {
          out.push('<' + tag + span(each, 'rowspan') + span(each, 'colspan') + '>');
          walk(each, true);
          out.push('</' + tag + '>');
          return;
        }
        if (/^(p|div|li|br|h[1-6])$/.test(tag)) { out.push('<br>'); }
        walk(each, inside);
      });
    }(page.body, false));
    return out.join('');
  }

  function span(cell, name) {
    var count = parseInt(cell.getAttribute(name), 10);
    return count > 1 && count < 10000 ? ' ' + name + '="' + count + '"' : '';
  }

  function escaped(text) { return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'); }

  /* Rows of texts, a merged cell told once. */
  function ofPage(html) {
    var tables = new DOMParser().parseFromString(html, 'text/html').querySelectorAll('table');
    var rows = [];
    Array.prototype.forEach.call(tables, function (table) {
      Array.prototype.forEach.call(table.rows, function (row) {
        rows.push(Array.prototype.map.call(row.cells, function (cell) {
          return { text: cell.textContent.replace(/\s+/g, ' ').trim(), across: cell.colSpan, down: cell.rowSpan };
        }));
      });
    });
    return rows;
  }

  function ofText(text) {
    var lines = text.split(/\r\n|\r|\n/).filter(function (line) { return line.trim(); });
    var sign = lines.some(function (line) { return line.indexOf('\t') >= 0; }) ? '\t' : [';', '|', ','].filter(function (each) {
      return lines.filter(function (line) { return line.indexOf(each) >= 0; }).length * 2 > lines.length;
    })[0];
    if (!sign || lines.length < 2) { return []; }
    return lines.map(function (line) {
      return line.split(sign).map(function (text) { return { text: text.trim(), across: 1, down: 1 }; });
    });
  }

  function start(form) {
    var field = form.querySelector('#tempelan'), page = form.querySelector('[data-es-html]');
    var preview = form.querySelector('[data-es-preview]'), count = form.querySelector('[data-es-count]');
    var body = form.querySelector('[data-es-rows]'), words = form.dataset, pasted = null;

    function show() {
      var rows = page.value ? ofPage(page.value) : ofText(field.value);
      var columns = rows.reduce(function (most, row) {
        return Math.max(most, row.reduce(function (sum, cell) { return sum + cell.across; }, 0));
      }, 0);
      body.textContent = '';
      preview.hidden = !field.value.trim();
      if (!rows.length) { count.textContent = words.none; return; }
      var says = [words.count.replace('{rows}', rows.length.toLocaleString('id')).replace('{columns}', columns),
        page.value ? words.page : words.plain];
      if (rows.length > SHOWN) { says.push(words.more.replace('{shown}', SHOWN)); }
      if (rows.length > 500) { says.push(words.long); }
      if (field.value.length + page.value.length > Number(words.most)) { says = [words.large]; }
      count.textContent = says.join(' ');
      rows.slice(0, SHOWN).forEach(function (row) {
        var line = document.createElement('tr');
        row.slice(0, WIDE).forEach(function (cell) {
          var at = document.createElement('td');
          at.textContent = cell.text.slice(0, 200);
          at.colSpan = cell.across;
          at.rowSpan = Math.min(cell.down, SHOWN);
          if (/^[-+]?[\d.,]+$/.test(cell.text)) { at.className = 'n'; }
          line.appendChild(at);
        });
        body.appendChild(line);
      });
    }

    field.addEventListener('paste', function (event) {
      var data = event.clipboardData, html = data ? data.getData('text/html') : '';
      var whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
      pasted = whole && /<table[\s>]/i.test(html) && html.length < 20 * Number(words.most) ? html : null;
    });
    field.addEventListener('input', function (event) {
      /* Whoever goes on typing means the text. */
      page.value = pasted && event.inputType === 'insertFromPaste' ? kept(pasted) : '';
      pasted = null;
      show();
    });
    show();
  }

  Array.prototype.forEach.call(document.querySelectorAll('[data-es-paste]'), start);
}());
