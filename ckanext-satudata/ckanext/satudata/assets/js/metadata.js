/* Forms without it are complete; with it groups can be added, areas found by name, and a link to a
   folded field opens its fold. */
(function () {
  'use strict';

  function repeat(box) {
    var groups = box.querySelector('[data-groups]');
    var template = box.querySelector('template');
    var add = box.querySelector('[data-add]');
    if (!template || !add) { return; }
    var next = groups.children.length;
    function arm(group) {
      var remove = group.querySelector('[data-remove]');
      if (!remove) { return; }
      remove.hidden = false;
      remove.addEventListener('click', function () {
        group.remove();
        add.focus();
      });
    }
    Array.prototype.forEach.call(groups.children, arm);
    add.hidden = false;
    add.addEventListener('click', function () {
      var holder = document.createElement('div');
      holder.innerHTML = template.innerHTML.replace(/SATUDATA-INDEX/g, next).replace(/SATUDATA-NUMBER/g, next + 1);
      next += 1;
      var group = holder.firstElementChild;
      groups.appendChild(group);
      arm(group);
      var first = group.querySelector('input, select, textarea');
      if (first) { first.focus(); }
    });
  }

  var counter = 0;
  function find(box) {
    var target = box.querySelector('textarea, input');
    var many = box.dataset.satudataWilayah === 'banyak';
    var id = 'cari-wilayah-' + (counter += 1);
    var wrap = document.createElement('div');
    wrap.className = 'sd-find';
    var input = document.createElement('input');
    input.type = 'search';
    input.className = 'sd-input';
    input.placeholder = box.dataset.label;
    input.autocomplete = 'off';
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-label', box.dataset.label);
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', id);
    input.setAttribute('aria-autocomplete', 'list');
    var list = document.createElement('ul');
    list.id = id;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', box.dataset.label);
    list.hidden = true;
    wrap.append(input, list);
    box.insertBefore(wrap, target);
    var at = -1, timer = null, asked = 0;

    function close() { list.hidden = true; at = -1; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); }
    function mark(index) {
      var items = list.querySelectorAll('[role=option]');
      if (!items.length) { return; }
      at = (index + items.length) % items.length;
      items.forEach(function (item, i) { item.setAttribute('aria-selected', String(i === at)); });
      input.setAttribute('aria-activedescendant', items[at].id);
      items[at].scrollIntoView({ block: 'nearest' });
    }
    function pick(item) {
      var line = item.dataset.code + ' (' + item.dataset.name + ')';
      if (many) {
        var lines = target.value.split('\n').filter(function (each) { return each.trim(); });
        if (!lines.some(function (each) { return each.split(' ')[0] === item.dataset.code; })) { lines.push(line); }
        target.value = lines.join('\n');
      } else { target.value = line; }
      input.value = '';
      close();
      target.dispatchEvent(new Event('change', { bubbles: true }));
    }
    function show(rows) {
      list.textContent = '';
      if (!rows.length) {
        var none = document.createElement('li');
        none.textContent = box.dataset.none;
        list.append(none);
      }
      rows.forEach(function (row, index) {
        var item = document.createElement('li');
        var name = row.label || row.name;
        item.id = id + '-' + index;
        item.setAttribute('role', 'option');
        item.setAttribute('aria-selected', 'false');
        item.dataset.code = row.code;
        item.dataset.name = name;
        item.textContent = name + ' · ' + item.dataset.code;
        item.addEventListener('mousedown', function (event) { event.preventDefault(); pick(item); });
        list.append(item);
      });
      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
    }
    input.addEventListener('input', function () {
      clearTimeout(timer);
      var text = input.value.trim();
      if (text.length < 2) { close(); return; }
      timer = setTimeout(function () {
        var turn = (asked += 1);
        fetch(box.dataset.url + '?q=' + encodeURIComponent(text) + '&limit=10')
          .then(function (answer) { return answer.ok ? answer.json() : null; })
          .then(function (body) {
            if (turn !== asked || !body) { return; }
            show(body.result.results);
          })
          .catch(close);
      }, 200);
    });
    input.addEventListener('keydown', function (event) {
      if (event.key === 'ArrowDown') { event.preventDefault(); mark(at + 1); }
      else if (event.key === 'ArrowUp') { event.preventDefault(); mark(at - 1); }
      else if (event.key === 'Escape') { close(); }
      else if (event.key === 'Enter' && !list.hidden) {
        event.preventDefault();
        var items = list.querySelectorAll('[role=option]');
        if (items.length) { pick(items[Math.max(at, 0)]); }
      }
    });
    input.addEventListener('blur', function () { setTimeout(close, 150); });
  }

  function unfold() {
    var id = decodeURIComponent(location.hash.slice(1));
    var place = id && document.getElementById(id);
    if (!place) { return; }
    for (var up = place; up; up = up.parentElement) { if (up.tagName === 'DETAILS') { up.open = true; } }
    place.scrollIntoView();
    if (place.focus) { place.focus(); }
  }

  function start() {
    document.querySelectorAll('[data-satudata-repeat]').forEach(repeat);
    document.querySelectorAll('[data-satudata-wilayah]').forEach(find);
    var summary = document.getElementById('ringkasan-kesalahan');
    if (summary) { summary.focus(); }
    unfold();
    window.addEventListener('hashchange', unfold);
  }
  if (document.readyState === 'loading') { document.addEventListener('DOMContentLoaded', start); } else { start(); }
}());
