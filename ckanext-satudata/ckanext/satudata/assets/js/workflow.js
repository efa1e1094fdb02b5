/* Without it every page works: forms, links and details. With it: dialogs instead of pages of their
   own, "pilih semua", a count, and keys. Keys are never taken from a field or from a modifier. */
(function () {
  'use strict';

  document.documentElement.classList.add('wf-js');

  function each(list, work) { Array.prototype.forEach.call(list, work); }

  function dialogs() {
    if (typeof HTMLDialogElement !== 'function') { return; }
    each(document.querySelectorAll('a[data-dialog]'), function (link) {
      var dialog = document.getElementById(link.dataset.dialog);
      if (!dialog) { return; }
      link.setAttribute('aria-haspopup', 'dialog');
      link.addEventListener('click', function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) { return; }
        event.preventDefault();
        each(document.querySelectorAll('details.wf-drop[open]'), function (open) { open.open = false; });
        dialog.showModal();
        var first = dialog.querySelector('textarea, select, input:not([type=hidden])');
        if (first) { first.focus(); }
      });
    });
    each(document.querySelectorAll('[data-wf-close]'), function (button) {
      button.addEventListener('click', function (event) {
        var dialog = button.closest('dialog');
        if (dialog) { event.preventDefault(); dialog.close(); }
      });
    });
  }

  /* One press, one request: a second tap on a slow line would only be told of a conflict. */
  function once() {
    each(document.querySelectorAll('.wf form[method=post]'), function (form) {
      form.addEventListener('submit', function (event) {
        if (form.dataset.sent) { event.preventDefault(); return; }
        form.dataset.sent = '1';
      });
    });
    window.addEventListener('pageshow', function () {
      each(document.querySelectorAll('form[data-sent]'), function (form) { delete form.dataset.sent; });
    });
  }

  function typing(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return true; }
    if (document.querySelector('dialog[open]')) { return true; }
    var at = event.target;
    return at.isContentEditable || /^(TEXTAREA|SELECT)$/.test(at.tagName) ||
      (at.tagName === 'INPUT' && !/^(checkbox|radio|button|submit)$/.test(at.type));
  }

  function list(form) {
    var rows = form.querySelectorAll('[data-wf-row]');
    var boxes = form.querySelectorAll('[data-wf-row] input[type=checkbox]');
    var all = form.querySelector('[data-wf-all]');
    var count = form.querySelector('[data-wf-count]');
    var at = -1;

    function tell() {
      var chosen = form.querySelectorAll('[data-wf-row] input[type=checkbox]:checked').length;
      if (count) { count.textContent = chosen ? count.dataset.one.replace('{num}', chosen) : ''; }
      if (all) {
        var box = all.querySelector('input');
        box.checked = chosen > 0 && chosen === boxes.length;
        box.indeterminate = chosen > 0 && chosen < boxes.length;
      }
    }
    if (all) {
      all.hidden = false;
      all.querySelector('input').addEventListener('change', function (event) {
        each(boxes, function (box) { box.checked = event.target.checked; });
        tell();
      });
    }
    form.addEventListener('change', tell);
    tell();

    function go(to) {
      if (!rows.length) { return; }
      at = Math.max(0, Math.min(rows.length - 1, to));
      each(rows, function (row, number) { row.classList.toggle('is-here', number === at); });
      var link = rows[at].querySelector('[data-wf-open]');
      link.focus({ preventScroll: true });
      rows[at].scrollIntoView({ block: 'nearest' });
    }
    each(rows, function (row, number) {
      row.addEventListener('focusin', function () { at = number; });
    });
    document.addEventListener('keydown', function (event) {
      if (typing(event)) { return; }
      if (event.key === 'j') { go(at + 1); }
      else if (event.key === 'k') { go(at < 0 ? 0 : at - 1); }
      else if (event.key === 'x' && at >= 0 && rows[at].querySelector('input[type=checkbox]')) {
        rows[at].querySelector('input[type=checkbox]').click();
      } else if (event.key === 'a' && all) { all.querySelector('input').click(); }
      else if (event.key === 't' && all) {
        var act = form.querySelector('.wf-bulk-do button, .wf-bulk-do summary');
        act.focus();
        act.scrollIntoView({ block: 'nearest' });
      } else { return; }
      event.preventDefault();
    });
  }

  function queue(page) {
    document.addEventListener('keydown', function (event) {
      if (typing(event)) { return; }
      var to = event.key === 'n' ? page.dataset.wfNext : event.key === 'p' ? page.dataset.wfBack : '';
      if (to) { window.location.assign(to); }
    });
  }

  /* The form of a catatan asks for column and row of a file, for a proposal of a field. */
  function place(select) {
    function show() {
      var kind = select.value.split(':')[0];
      each(select.form.querySelectorAll('[data-wf-for]'), function (part) {
        part.hidden = part.dataset.wfFor !== kind;
      });
    }
    select.addEventListener('change', show);
    show();
  }

  function start() {
    dialogs();
    once();
    each(document.querySelectorAll('[data-wf-list]'), list);
    each(document.querySelectorAll('[data-wf-keys]'), function (legend) { legend.hidden = false; });
    each(document.querySelectorAll('[data-wf-next]'), queue);
    each(document.querySelectorAll('#catatan-tempat'), place);
    var told = document.querySelector('[data-focus]');
    if (told) { told.focus(); }
  }
  if (document.readyState === 'loading') { document.addEventListener('DOMContentLoaded', start); } else { start(); }
}());
