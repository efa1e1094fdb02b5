/* A file field that uploads piece by piece (tus) and goes on where a line, a page or a phone broke
   off. Without this script, or without the library, it is a plain file field in its form. */
(function () {
  'use strict';

  var KB = 1024, FIRST = 256 * KB, SMALLEST = 64 * KB, LARGEST = 1024 * KB;
  /* Seconds a piece should take: a short one loses little, a long one waits for few answers. */
  var PIECE_SECONDS = 6;
  /* A line without a word for so long is taken for dead, whatever the browser hopes for; each time
     twice as long and with half a piece, for a very slow one says nothing between two pieces. */
  var SILENT = 45000, SILENT_MOST = 360000;
  var WAITS = [0, 1000, 2000, 4000, 8000, 15000, 30000].concat(new Array(60).fill(60000));
  var DONE = 1000;

  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, function (all, name) { return name in values ? values[name] : all; });
  }

  function size(bytes) {
    var units = ['B', 'KB', 'MB', 'GB'], step = 0;
    while (bytes >= 999.5 && step < 3) { bytes /= 1000; step += 1; }
    return new Intl.NumberFormat(document.documentElement.lang || 'id', {
      maximumFractionDigits: bytes < 10 && step ? 1 : 0 }).format(bytes) + ' ' + units[step];
  }

  /* "3,2" of "8,1 MB": the unit is said once. */
  function part(bytes, all) {
    var said = size(bytes).split(' ');
    return said[1] === size(all).split(' ')[1] ? said[0] : said.join(' ');
  }

  function csrf() {
    var field = document.querySelector('meta[name="csrf_field_name"]');
    var token = field && document.querySelector('meta[name="' + field.content + '"]');
    return token ? { 'X-CSRFToken': token.content } : {};
  }

  /* What an answer says no with; the library would begin anew where it should wait or stop. */
  function Refusal(status, text) { this.status = status; this.message = text; }
  Refusal.prototype = Object.create(Error.prototype);

  function field(root) {
    var parts = {}, words = JSON.parse(root.dataset.words), form = root.closest('form');
    var prefix = 'satudata-' + root.dataset.key + '-', held = root.dataset.held.split(' ').filter(Boolean);
    var input = root.querySelector('input[type=file]');
    var file = null, upload = null, state = 'idle', stored = 0, sent = 0, told = 0, pressed = null;
    var heard = 0, pieceAt = 0, silent = SILENT, marks = [];
    Array.prototype.forEach.call(root.querySelectorAll('[data-up]'), function (each) {
      parts[each.dataset.up] = each;
    });

    function values(more) {
      return Object.assign({ name: file ? file.name : '', size: file ? size(file.size) : '',
        sent: file ? part(stored, file.size) : '' }, more);
    }

    function say(text) { parts.live.textContent = text; }

    function offered(is) {
      parts.before.hidden = !is;
      root.classList.toggle('up--before', is);
    }

    function note(text) {
      parts.note.textContent = text;
      if (text) { input.setAttribute('aria-invalid', 'true'); say(text); } else { input.removeAttribute('aria-invalid'); }
    }

    function show(next, text) {
      var running = next === 'running';
      state = next;
      parts.run.dataset.state = next;
      parts.pick.hidden = next !== 'idle';
      parts.run.hidden = next === 'idle';
      parts.toggle.hidden = next === 'done';
      parts.cancel.hidden = next === 'done' && Boolean(root.dataset.submit);
      parts.toggle.textContent = running ? words.pause : next === 'broken' ? words.now : words.resume;
      if (text) { parts.numbers.textContent = text; say(text); }
      if (next !== 'idle') { offered(false); }
      input.required = next === 'idle' && root.dataset.required === 'ya';
    }

    /* Bytes per second over the last quarter of a minute: what a person waits for now. */
    function speed(now) {
      marks.push([now, sent]);
      while (marks.length > 2 && marks[0][0] < now - 15000) { marks.shift(); }
      var first = marks[0];
      return now - first[0] > 2000 ? (sent - first[1]) / (now - first[0]) * 1000 : 0;
    }

    function left(rate) {
      if (rate <= 0) { return ''; }
      var seconds = (file.size - sent) / rate, hours;
      if (seconds < 60) { return words.seconds; }
      if (seconds < 5400) { return filled(words.minutes, { n: Math.round(seconds / 60) }); }
      hours = Math.round(seconds / 1800) / 2;
      return filled(words.hours, { n: new Intl.NumberFormat(document.documentElement.lang || 'id').format(hours) });
    }

    function progress(bytes) {
      var now = Date.now(), percent = Math.floor(bytes / file.size * 100), rest;
      heard = now;
      sent = bytes;
      if (state !== 'running') { return; }
      parts.bar.value = bytes / file.size * DONE;
      rest = left(speed(now));
      parts.numbers.textContent = filled(words.progress, values({ sent: part(bytes, file.size), percent: percent + ' %' })) + (rest ? ', ' + rest : '');
      if (percent >= told + 25 && percent < 100) {
        told = percent - percent % 25;
        say(filled(words.reached, { percent: told }));
      }
    }

    function piece(length, accepted) {
      var seconds = (Date.now() - pieceAt) / 1000;
      stored = accepted;
      silent = SILENT;
      if (length > 0 && seconds > 0) {
        upload.options.chunkSize = Math.max(SMALLEST, Math.min(LARGEST,
          Math.round(length / seconds * PIECE_SECONDS / (64 * KB)) * 64 * KB));
      }
    }

    function before(request) {
      heard = pieceAt = Date.now();
      if (request.getMethod() === 'POST' && root.dataset.token) {
        /* Not among the metadata, which the library leaves in the browser for everybody. */
        request.setHeader('Upload-Metadata', 'tautan ' + btoa(root.dataset.token));
      }
    }

    function after(request, response) {
      var status = response.getStatus(), offset = parseInt(response.getHeader('Upload-Offset'), 10);
      heard = Date.now();
      if (status < 300 && offset >= 0) {
        if (request.getMethod() === 'HEAD' && offset) { say(filled(words.resumed, values({ sent: size(offset) }))); }
        stored = offset;
      }
      if (request.getMethod() === 'HEAD' && status >= 300 && status !== 404 && !(status === 401 && root.dataset.token)) {
        throw new Refusal(status, response.getBody() || '');
      }
    }

    function refusal(error) {
      if (error.causingError instanceof Refusal) { return error.causingError; }
      var response = error.originalResponse;
      return response ? new Refusal(response.getStatus(), response.getBody() || '') : null;
    }

    function passing(error) {
      var no = refusal(error);
      return no === null || no.status >= 500 || no.status === 0 || no.status === 409 || no.status === 423 || no.status === 429;
    }

    function again(error) {
      if (!passing(error) || state === 'paused') { return false; }
      if (navigator.onLine === false) { return false; }
      show('broken', filled(words.broken, values()));
      return true;
    }

    function failed(error) {
      var no = refusal(error), text;
      if (/NotReadable|NotFound/.test(String(error.causingError && error.causingError.name)) || (error.name || '').indexOf('NotReadable') === 0) {
        stop(words.unread);
      } else if (passing(error)) {
        show('broken', filled(navigator.onLine === false ? words.offline : words.broken, values()));
      } else {
        text = no.message.trim();
        if (!text || text.length > 400 || text.charAt(0) === '<') {
          text = filled(no.status === 400 || no.status === 401 || no.status === 403 ? words.session : words.failed, values({ status: no.status }));
        }
        stop(text);
      }
    }

    function stop(text) {
      if (upload) { upload.abort(); }
      upload = null;
      input.value = '';
      show('idle');
      note(text);
    }

    function whole(url) {
      parts.id.value = url.split('/').pop();
      parts.id.disabled = false;
      input.disabled = true;
      parts.bar.value = DONE;
      show('done', root.dataset.submit ? words.sending : words.done);
      if (form && (root.dataset.submit || pressed)) {
        form.requestSubmit(pressed && form.contains(pressed) ? pressed : form.querySelector('button[type=submit], input[type=submit]'));
      }
    }

    function begin(chosen) {
      var limit = Number(root.dataset.limit);
      if (!chosen) { return; }
      file = chosen;
      stored = sent = told = 0;
      marks = [];
      note('');
      if (!file.size) { stop(filled(words.empty, values())); return; }
      if (limit && file.size > limit) { stop(filled(words.large, values({ limit: size(limit) }))); return; }
      upload = new window.tus.Upload(file, {
        endpoint: root.dataset.endpoint, chunkSize: FIRST, retryDelays: WAITS, headers: csrf(),
        metadata: { filename: file.name }, removeFingerprintOnSuccess: false,
        fingerprint: function (given) {
          return Promise.resolve(prefix + [given.name, given.size, given.lastModified].join('-'));
        },
        onBeforeRequest: before, onAfterResponse: after, onShouldRetry: again, onError: failed,
        onProgress: function (bytes) {
          if (state === 'broken') { show('running'); marks = []; }
          progress(bytes);
        },
        onChunkComplete: piece, onSuccess: function () { whole(upload.url); }
      });
      parts.name.textContent = file.name;
      parts.bar.value = 0;
      show('running', words.starting);
      say(filled(words.started, values()));
      upload.findPreviousUploads().then(function (found) {
        if (!upload || state !== 'running') { return; }
        if (found.length) { upload.resumeFromPreviousUpload(found[0]); }
        go();
      });
    }

    function go() {
      heard = Date.now();
      marks = [];
      if (state !== 'running') { show('running', words.starting); }
      upload.start();
    }

    function toggle() {
      if (!upload) { return; }
      if (state === 'running') {
        upload.abort();
        show('paused', filled(words.paused, values()));
      } else {
        upload.abort().then(go);
      }
    }

    function cancel() {
      var given = upload;
      upload = null;
      if (given) { given.abort(true).catch(function () { /* it ends by itself in some days */ }); }
      parts.id.disabled = true;
      input.disabled = false;
      input.value = '';
      note('');
      show('idle');
      input.focus();
    }

    /* Begun before this page was made and not among what it says is held: taken, given up or too old. */
    function gone(each) {
      return new Date(each.creationTime) < performance.timeOrigin && !held.some(function (mark) {
        return each.uploadUrl.split('/').pop().indexOf(mark) === 0;
      });
    }

    /* What this browser left half: the server says where it stands. */
    function remember() {
      var storage = window.tus.defaultOptions.urlStorage;
      storage.findAllUploads().then(function (found) {
        found.filter(function (each) {
          if (each.urlStorageKey.indexOf('tus::' + prefix) !== 0 || !each.uploadUrl) { return false; }
          if (gone(each)) { storage.removeUpload(each.urlStorageKey); return false; }
          return true;
        })
          .sort(function (a, b) { return new Date(b.creationTime) - new Date(a.creationTime); })
          .slice(0, 3).forEach(function (each, at) { offer(storage, each, at); });
      });
    }

    function offer(storage, each, at) {
      fetch(each.uploadUrl, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' }, credentials: 'same-origin' }).then(function (answer) {
        var offset = Number(answer.headers.get('Upload-Offset'));
        if (answer.status === 404) { storage.removeUpload(each.urlStorageKey); }
        if (!answer.ok || at || state !== 'idle' || !offset) { return; }
        parts['before-text'].textContent = filled(offset === each.size ? words.whole : words.half, {
          name: each.metadata.filename, sent: part(offset, each.size), size: size(each.size) });
        parts.use.hidden = offset !== each.size;
        offered(true);
        parts.use.onclick = function () {
          file = { name: each.metadata.filename, size: each.size };
          parts.name.textContent = file.name;
          whole(each.uploadUrl);
        };
        parts.drop.onclick = function () {
          window.tus.Upload.terminate(each.uploadUrl, { headers: csrf() }).catch(function () { /* gone already */ });
          storage.removeUpload(each.urlStorageKey);
          offered(false);
          input.focus();
        };
      }).catch(function () { /* told when the file is chosen */ });
    }

    root.dataset.required = input.required ? 'ya' : '';
    root.classList.add('up--on');
    input.addEventListener('change', function () { begin(input.files[0]); });
    parts.toggle.addEventListener('click', toggle);
    parts.cancel.addEventListener('click', cancel);
    ['dragenter', 'dragover'].forEach(function (name) {
      root.addEventListener(name, function (event) { event.preventDefault(); root.classList.add('up--over'); });
    });
    ['dragleave', 'drop'].forEach(function (name) {
      root.addEventListener(name, function (event) {
        root.classList.remove('up--over');
        if (name === 'drop') {
          event.preventDefault();
          if (state === 'idle') { begin(event.dataTransfer.files[0]); }
        }
      });
    });
    if (form) {
      form.addEventListener('submit', function (event) {
        if (state !== 'idle' && state !== 'done') {
          event.preventDefault();
          event.stopImmediatePropagation();
          pressed = event.submitter;
          parts.run.scrollIntoView({ block: 'nearest' });
        }
      }, true);
    }
    window.addEventListener('online', function () { if (state === 'broken' && upload) { upload.abort().then(go); } });
    window.addEventListener('offline', function () {
      if (state === 'running') { upload.abort(); show('broken', filled(words.offline, values())); }
    });
    window.addEventListener('pageshow', function (event) {
      if (event.persisted && state === 'done') { cancel(); }
    });
    setInterval(function () {
      var waited = upload ? Date.now() - heard : 0;
      if (state === 'running' && waited > silent || state === 'broken' && waited > 2 * silent && navigator.onLine !== false) {
        silent = Math.min(2 * silent, SILENT_MOST);
        upload.options.chunkSize = Math.max(SMALLEST, upload.options.chunkSize / 2);
        show('broken', filled(words.broken, values()));
        upload.abort().then(go);
      }
    }, 5000);
    remember();
  }

  document.addEventListener('DOMContentLoaded', function () {
    if (!window.tus || !window.tus.isSupported || !window.tus.canStoreURLs) { return; }
    Array.prototype.forEach.call(document.querySelectorAll('[data-upload]'), field);
  });
}());
