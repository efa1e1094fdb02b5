/* Without it every page works: a citation can be selected, a running comparison reloads by itself.
   With it: one press copies, and only the part that is running is asked for again. */
(function () {
  'use strict';

  function each(list, work) { Array.prototype.forEach.call(list, work); }

  function copying(button) {
    if (!navigator.clipboard || !navigator.clipboard.writeText) { return; }
    var said = document.createElement('span');
    said.className = 'sd-sm sd-muted';
    said.setAttribute('role', 'status');
    button.insertAdjacentElement('afterend', said);
    button.hidden = false;
    button.addEventListener('click', function () {
      var text = document.getElementById(button.dataset.copy).textContent.trim();
      navigator.clipboard.writeText(text).then(function () {
        said.textContent = button.dataset.done;
        setTimeout(function () { said.textContent = ''; }, 4000);
      }).catch(function () {
        window.getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      });
    });
  }

  /* A comparison that runs: the same page is read again, quietly, until it is ready. */
  function waiting(part) {
    var wait = 2000;
    function again() {
      fetch(window.location.href, { credentials: 'same-origin' }).then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.text();
      }).then(function (text) {
        var fresh = new DOMParser().parseFromString(text, 'text/html').getElementById(part.id);
        if (!fresh) { return; }
        var focused = part.contains(document.activeElement);
        part.innerHTML = fresh.innerHTML;
        if (focused) { part.focus(); }
        if (fresh.hasAttribute('data-waiting')) {
          wait = Math.min(wait * 1.3, 10000);
          setTimeout(again, wait);
        } else { part.removeAttribute('data-waiting'); }
      }).catch(function () { setTimeout(again, 10000); });
    }
    setTimeout(again, wait);
  }

  function start() {
    each(document.querySelectorAll('[data-copy]'), copying);
    each(document.querySelectorAll('[data-waiting]'), waiting);
  }
  if (document.readyState === 'loading') { document.addEventListener('DOMContentLoaded', start); } else { start(); }
}());
