/* Keeps a grid on the server a moment after each change. A line that breaks is tried again; who comes
   second is told and loses nothing. */
(function () {
  'use strict';

  var QUIET = 1500, LONGEST = 30000;

  function token() {
    var name = document.querySelector('meta[name=csrf_field_name]');
    var meta = name && document.querySelector('meta[name="' + name.content + '"]');
    return meta ? meta.content : '';
  }

  /* root: the element with the words; state(): what is kept, as satudata_grid_update takes it. */
  function keeper(root, grid, state) {
    var words = root.dataset, at = { draft_id: grid.draft_id || '', version: grid.version };
    var dirty = false, running = null, timer = 0, wait = QUIET, stopped = false;
    var line = root.querySelector('[data-es-state]'), panel = root.querySelector('[data-es-conflict]');

    function say(text, state) { line.textContent = text; line.dataset.state = state; }

    function later(time) { clearTimeout(timer); timer = setTimeout(function () { save(); }, time); }

    function changed() {
      dirty = true;
      if (stopped) { return; }
      say(words.dirty, 'dirty');
      if (!running) { later(wait === QUIET ? QUIET : wait); }
    }

    function save(copy) {
      if (running) { return running.then(function () { return dirty || copy ? save(copy) : true; }); }
      if ((!dirty && !copy) || (stopped && !copy)) { return Promise.resolve(!stopped); }
      clearTimeout(timer);
      dirty = false;
      say(words.saving, 'saving');
      var sent = state();
      sent.draft_id = copy ? '' : at.draft_id;
      sent.version = copy ? 0 : at.version;
      if (copy) { sent.copy = true; }
      running = fetch(words.save, {
        method: 'POST', credentials: 'same-origin', body: JSON.stringify(sent),
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token() }
      }).then(function (answer) {
        return answer.json().catch(function () { return {}; }).then(function (told) { return took(answer, told, copy); });
      }, function () { return failed(); }).then(function (done) {
        running = null;
        if (dirty && !stopped) { later(wait); }
        return done;
      });
      return running;
    }

    function took(answer, told, copy) {
      if (answer.ok && told.draft_id) {
        at = { draft_id: told.draft_id, version: told.version };
        wait = QUIET;
        stopped = false;
        panel.hidden = true;
        say(words.saved.replace('{time}', clock(told.updated_at)), 'saved');
        if (window.history.replaceState) { window.history.replaceState(null, '', words.page + '?draf=' + at.draft_id); }
        if (copy) { root.dispatchEvent(new CustomEvent('es-told', { detail: words.copied })); }
        return true;
      }
      if (answer.status >= 500 || answer.status === 429) { return failed(); }
      dirty = true;
      if (told.conflict) {
        stopped = true;
        root.querySelector('[data-es-conflict-text]').textContent = told.message;
        root.querySelector('[data-es-other]').hidden = !told.draft_id;
        root.querySelector('[data-es-other]').href = words.page + '?draf=' + (told.draft_id || '');
        panel.hidden = false;
        panel.scrollIntoView({ block: 'nearest' });
        say(words.dirty, 'bad');
        return false;
      }
      wait = LONGEST;
      say(told.message || words.off, 'bad');
      return false;
    }

    function failed() {
      dirty = true;
      wait = Math.min(wait * 2, LONGEST);
      say(words.off, 'bad');
      return false;
    }

    function clock(iso) {
      var at = iso ? new Date(iso) : new Date();
      return ('0' + at.getHours()).slice(-2) + '.' + ('0' + at.getMinutes()).slice(-2);
    }

    root.querySelector('[data-es-copy]').addEventListener('click', function () { save(true); });
    window.addEventListener('online', function () { wait = QUIET; if (dirty && !stopped) { later(0); } });
    document.addEventListener('visibilitychange', function () {
      if (document.visibilityState === 'hidden' && dirty && !stopped) { save(); }
    });
    window.addEventListener('beforeunload', function (event) {
      if (dirty || running) { event.preventDefault(); event.returnValue = ''; }
    });
    return {
      changed: changed,
      now: function () { wait = QUIET; return save(); },
      mark: function () { return at; },
      leave: function () { dirty = false; stopped = true; clearTimeout(timer); }
    };
  }

  window.satudataKeeper = keeper;
}());
