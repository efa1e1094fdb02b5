/* What may stand in a cell, as domain/intake/cells.py says it: one meaning of each text. */
(function () {
  'use strict';

  var MAX_TEXT = 1000, MAX_DIGITS = 15;
  var WHOLE = /^[+-]?[0-9]+$/, GROUPED = /^[+-]?[0-9]{1,3}(?:[. ][0-9]{3})+$/;
  var DECIMAL = /^([+-]?(?:[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+)),([0-9]+)$/;
  var ENGLISH = /^(?:[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[+-]?[0-9]*\.[0-9]+)$/;
  var SIGN = /^(?:[-–—…*.]+|n[./]?a\.?|x)$/i, YEAR = /^(?:1[5-9][0-9]{2}|2[01][0-9]{2})$/;

  function Wrong(code, value) { this.code = code; this.value = String(value || '').slice(0, 60); }

  function figure(said, wrong) {
    var plain = said.replace(/−/g, '-');
    if (SIGN.test(plain)) { throw new Wrong('tanda', said); }
    if (!WHOLE.test(plain) && !GROUPED.test(plain)) { throw new Wrong(ENGLISH.test(plain) ? 'titik' : wrong, said); }
    var digits = plain.replace(/[. ]/g, '').replace(/^\+/, '');
    if (digits.replace('-', '').length > MAX_DIGITS) { throw new Wrong('besar', said); }
    return digits;
  }

  function whole(digits) {
    var minus = digits.charAt(0) === '-', plain = digits.replace('-', '').replace(/^0+(?=[0-9])/, '');
    return (minus && plain !== '0' ? '-' : '') + plain;
  }

  function number(said) {
    var found = DECIMAL.exec(said.replace(/−/g, '-'));
    if (!found) { return whole(figure(said, 'bilangan')); }
    var digits = figure(found[1], 'bilangan');
    if (digits.replace('-', '').length + found[2].length > MAX_DIGITS) { throw new Wrong('besar', said); }
    return (digits.charAt(0) === '-' ? '-' : '') + digits.replace('-', '').replace(/^0+(?=[0-9])/, '') + '.' + found[2];
  }

  function year(said) {
    if (!YEAR.test(said)) { throw new Wrong('tahun', said); }
    return said;
  }

  function month(said, months) {
    var found = /^([0-9]{4})-([0-9]{2})$/.exec(said), at = found && [found[1], found[2]];
    if (!at && (found = /^([0-9]{1,2})[-/.]([0-9]{4})$/.exec(said))) { at = [found[2], found[1]]; }
    if (!at && (found = /^([A-Za-z]{3,9})\.? ([0-9]{4})$/.exec(said)) && months[found[1].toLowerCase()]) {
      at = [found[2], String(months[found[1].toLowerCase()])];
    }
    if (!at || Number(at[1]) < 1 || Number(at[1]) > 12 || !YEAR.test(at[0])) { throw new Wrong('bulan', said); }
    return at[0] + '-' + ('0' + Number(at[1])).slice(-2);
  }

  function day(said, code, whole) {
    var found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(said), at = found && [found[1], found[2], found[3]];
    if (!at && (found = /^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})$/.exec(said))) { at = [found[3], found[2], found[1]]; }
    var made = at && new Date(Date.UTC(Number(at[0]), Number(at[1]) - 1, Number(at[2])));
    if (made) { made.setUTCFullYear(Number(at[0])); }
    if (!made || Number(at[0]) < 1 || made.getUTCMonth() !== Number(at[1]) - 1 || made.getUTCDate() !== Number(at[2])) {
      throw new Wrong(code, whole);
    }
    return at[0] + '-' + ('0' + Number(at[1])).slice(-2) + '-' + ('0' + Number(at[2])).slice(-2);
  }

  function moment(said) {
    var parts = said.replace('T', ' ').split(' ');
    var clock = /^([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?$/.exec(parts.slice(1).join(' '));
    if (!clock || Number(clock[1]) > 23 || Number(clock[2]) > 59 || Number(clock[3] || 0) > 59) { throw new Wrong('jam', said); }
    return day(parts[0], 'jam', said) + 'T' + ('0' + Number(clock[1])).slice(-2) + ':' + clock[2] + ':' + (clock[3] || '00');
  }

  function yes(said) {
    if (/^(?:ya|true|benar|y)$/i.test(said)) { return 'true'; }
    if (/^(?:tidak|false|salah|t)$/i.test(said)) { return 'false'; }
    throw new Wrong('ya_tidak', said);
  }

  function read(text, type, months) {
    var said = String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
      .replace(/[\s\u00a0\u2007\u202f]+/g, ' ').trim();
    if (said.length > MAX_TEXT) { throw new Wrong('panjang'); }
    if (!said || type === 'string') { return said; }
    if (type === 'integer') { return whole(figure(said, 'bilangan_bulat')); }
    if (type === 'number') { return number(said); }
    if (type === 'year') { return year(said); }
    if (type === 'yearmonth') { return month(said, months || {}); }
    if (type === 'date') { return day(said, 'tanggal', said); }
    if (type === 'datetime') { return moment(said); }
    return yes(said);
  }

  function shown(value, type) {
    var found;
    if (!value) { return ''; }
    if (type === 'integer' || type === 'number') {
      var parts = value.replace('-', '').split('.');
      return (value.charAt(0) === '-' ? '-' : '') + parts[0].replace(/\B(?=(?:[0-9]{3})+$)/g, '.') + (parts[1] ? ',' + parts[1] : '');
    }
    if (type === 'yearmonth' && (found = /^([0-9]{4})-([0-9]{2})$/.exec(value))) { return found[2] + '-' + found[1]; }
    if (type === 'date' && (found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(value))) { return found[3] + '-' + found[2] + '-' + found[1]; }
    if (type === 'datetime' && (found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T(.{5})(.*)$/.exec(value))) {
      return found[3] + '-' + found[2] + '-' + found[1] + ' ' + found[4] + (found[5] === ':00' ? '' : found[5]);
    }
    if (type === 'boolean') { return value === 'true' ? 'ya' : 'tidak'; }
    return value;
  }

  /* What may be chosen, by code, label and both, as domain/intake/grid.py reads it. */
  function prepared(column) {
    var known = Object.create(null), twice = Object.create(null);
    column.labels = Object.create(null);
    (column.options || []).forEach(function (pair) {
      column.labels[pair[0]] = pair[1];
      [pair[0], pair[1], pair[0] + ' ' + pair[1]].forEach(function (text) {
        var key = fold(text);
        if (key && known[key] !== undefined && known[key] !== pair[0]) { twice[key] = true; }
        if (key && known[key] === undefined) { known[key] = pair[0]; }
      });
    });
    Object.keys(twice).forEach(function (key) { delete known[key]; });
    column.known = known;
    return column;
  }

  function fold(text) {
    return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
  }

  /* What the file will say of a text; throws what is wrong. */
  function of(column, text, months) {
    var value = read(text, column.type, months);
    if (!value || !column.options || !column.options.length) { return value; }
    if (Object.prototype.hasOwnProperty.call(column.labels, value)) { return value; }
    var found = column.known[fold(value)];
    if (found === undefined && column.closed) { throw new Wrong('pilihan', value); }
    return found === undefined ? value : found;
  }

  /* A text as people write it, or as it came where it is wrong. */
  function written(column, text, months) {
    try {
      var value = of(column, text, months);
      if ((column.type === 'integer' || column.type === 'number') && !column.figure) { return value.replace('.', ','); }
      return shown(value, column.type);
    } catch (wrong) {
      return String(text).replace(/\s+/g, ' ').trim();
    }
  }

  window.satudataCells = { read: read, shown: shown, of: of, written: written, prepared: prepared, fold: fold, Wrong: Wrong };
}());
