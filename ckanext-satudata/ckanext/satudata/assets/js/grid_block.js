/* Blocks of cells as spreadsheets put them into the clipboard. */
(function () {
  'use strict';

  /* Rows of a block as spreadsheets copy it: a cell of several lines stands in quotes. */
  function block(text) {
    var made = [[]], cell = '', quoted = false, at;
    text = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
    for (at = 0; at < text.length; at += 1) {
      var sign = text.charAt(at);
      if (quoted) {
        if (sign === '"' && text.charAt(at + 1) === '"') { cell += '"'; at += 1; }
        else if (sign === '"') { quoted = false; }
        else { cell += sign === '\n' ? ' ' : sign; }
      } else if (sign === '"' && cell === '' && /"(?:[^"]|"")*"(?:[\t\n]|$)/.test(text.slice(at))) { quoted = true; }
      else if (sign === '\t') { made[made.length - 1].push(cell); cell = ''; }
      else if (sign === '\n') { made[made.length - 1].push(cell); cell = ''; made.push([]); }
      else { cell += sign; }
    }
    made[made.length - 1].push(cell);
    return made;
  }

  /* Figures of a block are English where some can be nothing else and none can be Indonesian only. */
  function english(lines, targets) {
    var theirs = 0, ours = 0;
    lines.forEach(function (line) {
      line.forEach(function (cell, at) {
        var text = cell.trim(), to = targets[at];
        if (!to || !to.figure) { return; }
        if (/^[-+]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3}){2,})$/.test(text)) { theirs += 1; }
        if (/^[-+]?(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3}){2,})$/.test(text)) { ours += 1; }
      });
    });
    return theirs > 0 && ours === 0;
  }

  window.satudataBlock = { read: block, english: english };
}());
