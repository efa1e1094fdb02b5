/* Keeps a half-typed form in this browser, offers it on return, and forgets it once it is saved.

   What is kept: the fields, and what the form showed when it was opened (_dasar), so that an old draft
   put into a newer page is merged by the server and undoes nobody's change. Never files or passwords.
   Kept under the person's id; another person's is thrown away at sight, all of it at sign-out. */
(function () {
  'use strict';

  var PREFIX = 'satudata:isian:', SENT = 'satudata:terkirim', DAYS = 3, MOST = 300000;

  function each(list, call) { Array.prototype.forEach.call(list, call); }

  function store() {
    try { localStorage.setItem(PREFIX + '?', '1'); localStorage.removeItem(PREFIX + '?'); return localStorage; } catch (error) { return null; }
  }

  /* Of other people, or too old. */
  function sweep(kept, person) {
    var names = [];
    for (var i = 0; i < kept.length; i += 1) { names.push(kept.key(i)); }
    names.forEach(function (name) {
      if (name.indexOf(PREFIX) !== 0) { return; }
      var held = read(kept, name);
      if (!held || held.person !== person || Date.now() - held.at > DAYS * 864e5) { kept.removeItem(name); }
    });
  }

  function read(kept, name) {
    try { return JSON.parse(kept.getItem(name)); } catch (error) { return null; }
  }

  function controls(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && field.name.charAt(0) !== '_' && field.type !== 'hidden' && field.type !== 'file' &&
        field.type !== 'password' && field.type !== 'submit' && field.type !== 'button' && field.tagName !== 'FIELDSET';
    });
  }

  function typed(form) {
    var found = [];
    controls(form).forEach(function (field) {
      if ((field.type === 'checkbox' || field.type === 'radio') && !field.checked) { return; }
      found.push([field.name, field.value]);
    });
    return found;
  }

  /* Groups that were added are added again; the server takes the rows in the order of their numbers. */
  function grow(form, fields) {
    var wanted = {};
    fields.forEach(function (pair) { wanted[pair[0]] = true; });
    each(form.querySelectorAll('[data-satudata-repeat]'), function (box) {
      var prefix = box.dataset.satudataRepeat + '-', add = box.querySelector('[data-add]');
      var last = -1;
      Object.keys(wanted).forEach(function (name) {
        var number = name.indexOf(prefix) === 0 ? parseInt(name.slice(prefix.length), 10) : -1;
        if (number > last) { last = number; }
      });
      for (var turn = 0; add && turn < 100 && last >= 0 && !form.querySelector('[name^="' + prefix + last + '-"]'); turn += 1) { add.click(); }
      each(box.querySelectorAll('[data-group]'), function (group) {
        var field = group.querySelector('[name]'), remove = group.querySelector('[data-remove]');
        var part = field && field.name.split('-').slice(0, 2).join('-') + '-';
        var used = Object.keys(wanted).some(function (name) { return part && name.indexOf(part) === 0; });
        if (!used && remove && !remove.hidden) { remove.click(); }
      });
    });
  }

  function fill(form, held) {
    grow(form, held.fields);
    var left = held.fields.slice();
    controls(form).forEach(function (field) {
      var several = field.type === 'checkbox' || field.type === 'radio', at = -1;
      left.some(function (pair, index) {
        if (pair[0] === field.name && (!several || pair[1] === field.value)) { at = index; return true; }
        return false;
      });
      if (several) { field.checked = at >= 0; } else { field.value = at >= 0 ? left[at][1] : ''; }
      if (at >= 0) { left.splice(at, 1); }
    });
    var base = form.querySelector('[name="_dasar"]');
    if (base && held.base) { base.value = held.base; }
    each(form.querySelectorAll('details'), function (fold) {
      if (controls({ elements: fold.querySelectorAll('input, select, textarea') }).some(function (field) { return field.value !== field.defaultValue && field.type !== 'checkbox' && field.tagName !== 'SELECT'; })) { fold.open = true; }
    });
  }

  function offer(form, here, held, forget) {
    var box = document.createElement('div');
    box.className = 'sd-card sd-form-note sd-kept';
    box.setAttribute('role', 'status');
    var text = document.createElement('p');
    text.textContent = here.dataset.offer.replace('{time}', new Date(held.at).toLocaleString(document.documentElement.lang || 'id', { dateStyle: 'long', timeStyle: 'short' }));
    var back = document.createElement('button'), away = document.createElement('button');
    back.type = away.type = 'button';
    back.className = 'sd-btn sd-btn--primary sd-btn--sm';
    away.className = 'sd-btn sd-btn--line sd-btn--sm';
    back.textContent = here.dataset.back;
    away.textContent = here.dataset.away;
    back.addEventListener('click', function () { fill(form, held); box.remove(); form.dispatchEvent(new Event('change')); });
    away.addEventListener('click', function () { forget(); box.remove(); });
    var row = document.createElement('p');
    row.className = 'sd-kept-row';
    row.append(back, away);
    box.append(text, row);
    form.insertBefore(box, form.firstChild);
  }

  function start() {
    var kept = store(), here = document.querySelector('[data-satudata-keep]');
    if (!kept) { return; }
    var form = here && here.closest('form');
    var name = here && PREFIX + here.dataset.satudataKeep;
    var failed = form && (document.getElementById('ringkasan-kesalahan') || document.querySelector('.error-explanation'));
    var sent = null;
    try { sent = sessionStorage.getItem(SENT); sessionStorage.removeItem(SENT); } catch (error) { sent = null; }
    if (sent && !(sent === name && failed)) { kept.removeItem(sent); }
    each(document.querySelectorAll('form[action*="/user/_logout"]'), function (out) {
      out.addEventListener('submit', function () { sweep(kept, null); });
    });
    if (!form) { return; }
    sweep(kept, here.dataset.person);

    var first = JSON.stringify(typed(form)), base = form.querySelector('[name="_dasar"]'), timer = null;
    var opened = base ? base.value : '';
    var held = read(kept, name);
    var waiting = held && !failed && JSON.stringify(held.fields) !== first;
    function forget() { waiting = false; kept.removeItem(name); }
    function keep() {
      clearTimeout(timer);
      timer = null;
      var fields = typed(form), text = JSON.stringify(fields);
      if (!failed && text === first) { if (!waiting) { kept.removeItem(name); } return; }
      waiting = false;
      text = JSON.stringify({ at: Date.now(), person: here.dataset.person, base: base ? base.value || opened : '', fields: fields });
      if (text.length <= MOST) { try { kept.setItem(name, text); } catch (error) { kept.removeItem(name); } }
    }
    function soon() { clearTimeout(timer); timer = setTimeout(keep, 700); }
    form.addEventListener('input', soon);
    form.addEventListener('change', soon);
    form.addEventListener('click', function (event) { if (event.target.closest('[data-add], [data-remove]')) { soon(); } });
    window.addEventListener('pagehide', function () { if (timer) { keep(); } });
    form.addEventListener('submit', function () {
      keep();
      try { sessionStorage.setItem(SENT, name); } catch (error) { forget(); }
    });
    if (waiting) { offer(form, here, held, forget); }
    if (failed) { keep(); }
  }
  if (document.readyState === 'loading') { document.addEventListener('DOMContentLoaded', start); } else { start(); }
}());
