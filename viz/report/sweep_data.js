// The sweep's table and which of its scenarios are chosen. Texts reach the page only through textContent.
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const byId = (id) => document.getElementById(id);
const make = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};
const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const placesOf = (coded) => {
  const bytes = bytesOf(coded.codes).buffer;
  return coded.coding === 'list8' ? new Uint8Array(bytes) : coded.coding === 'list16' ? new Uint16Array(bytes) : new Uint32Array(bytes);
};
const rows = data.rows;

/// Five significant digits, as the table of figures in the page has them.
function shown(v) {
  if (v === null || Number.isNaN(v)) return 'absent';
  const size = Math.abs(v), sign = v < 0 ? '−' : '';
  if (size === Infinity) return sign + '∞';
  if (size === 0) return '0';
  if (size < 1e-4 || size >= 1e9) return sign + Number(size.toPrecision(5)).toExponential();
  const text = size.toFixed(Math.max(0, 4 - Math.floor(Math.log10(size))));
  return sign + (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
}

/// A column of the table. at(row) is where a scenario lies: its number, or, of texts and names, the place in
/// `names`; NaN when absent.
class Column {
  constructor(coded) {
    Object.assign(this, {name: coded.name, unit: coded.unit, meaning: coded.meaning, role: coded.role, isText: coded.is_text});
    this.named = this.isText || this.role === 'category';
    this.coded = coded;
    this.unitToo = this.unit && !this.name.endsWith('_' + this.unit);  // the name does not say it already
    this.title = this.name + (this.unitToo ? ', ' + this.unit : '');
  }
  decode() {
    if (this.places) return;
    const coded = this.coded, values = new Float64Array(rows);
    if (coded.coding.startsWith('list')) {
      const places = placesOf(coded);
      let list = coded.values.map((v) => v === null ? NaN : v);
      if (this.named) {
        this.names = coded.values.filter((v) => v !== null && v !== '').map(String);
        // Outcomes from the best to the worst, buses by number, other names in the order of the scenarios.
        if (this.role === 'outcome') this.names = data.outcomes.map((o) => o.name).filter((name) => this.names.includes(name));
        else if (this.role === 'text' && this.names.every((name) => /^\d+$/.test(name))) this.names.sort((a, b) => a - b);
        const place = new Map(this.names.map((name, k) => [name, k]));
        list = coded.values.map((v) => v === null || v === '' ? NaN : place.get(String(v)));
      }
      for (let k = 0; k < rows; ++k) values[k] = list[places[k]];
    } else if (coded.coding === 'steps') {
      const codes = new Uint16Array(bytesOf(coded.codes).buffer), step = (coded.max - coded.min) / 65534;
      for (let k = 0; k < rows; ++k) values[k] = codes[k] === 65535 ? NaN : coded.min + step * codes[k];
    } else {
      const bytes = bytesOf(coded.codes).buffer;
      values.set(coded.coding === 'double' ? new Float64Array(bytes) : new Float32Array(bytes));
      if (this.named) {  // names that are numbers, and so many of them that they are no list
        const distinct = [...new Set(values)].filter((v) => !Number.isNaN(v)), place = new Map(distinct.map((v, k) => [v, k]));
        this.names = distinct.map(String);
        for (let k = 0; k < rows; ++k) values[k] = Number.isNaN(values[k]) ? NaN : place.get(values[k]);
      }
    }
    delete this.coded;
    this.places = values;
  }
  get values() { this.decode(); return this.places; }
  at(row) { return this.values[row]; }
  /// The value at a place, as text.
  label(v) { this.decode(); return Number.isNaN(v) ? 'absent' : this.named ? this.names[v] : shown(v); }
  text(row) { return this.label(this.at(row)); }
  /// The different places there are, in order.
  get distinct() {
    if (!this.different) this.different = [...new Set(this.values)].filter((v) => Number.isFinite(v)).sort((a, b) => a - b);
    return this.different;
  }
}
const columns = data.columns.map((coded) => new Column(coded));
const column = (name) => columns.find((c) => c.name === name);
const axes = columns.filter((c) => c.role === 'axis' || c.role === 'category');
const figures = columns.filter((c) => c.role === 'figure');
const scenarioColumn = columns.find((c) => c.role === 'scenario');
const outcomeColumn = columns.find((c) => c.role === 'outcome');
const messageColumn = columns.find((c) => c.role === 'message');
const numberOf = (row) => scenarioColumn.at(row);
const happenedPlaces = placesOf(data.happened);
const happened = (row) => data.happened.values[happenedPlaces[row]];
const worstFirst = new Uint32Array(bytesOf(data.worst).buffer);
const files = new Map(data.files.map((f) => [f[0], f]));
const commandOf = (row) => data.command + ' ' + numberOf(row);
const axesText = (row) => axes.map((a) => a.name + ' ' + a.text(row) + (a.unit ? ' ' + a.unit : '')).join(', ');

// ---- outcomes: place in data.outcomes per row
const outcomeOf = new Uint8Array(rows);
{
  const place = new Map(data.outcomes.map((o, k) => [o.name, k]));
  for (let k = 0; k < rows; ++k) outcomeOf[k] = place.get(outcomeColumn.text(k)) ?? data.outcomes.length - 1;
}
const LOOKS = {'completed': ['#3f86c9', 'circle'], 'islanded': ['#8a63d2', 'diamond'], 'loss of synchronism': ['#e07b00', 'triangle'],
  'voltage collapse': ['#c2185b', 'square'], 'numerical failure': ['#7d858d', 'cross'], 'crashed': ['#a3122a', 'cross'], 'bad input': ['#8d6e4f', 'cross']};
const lookOf = (outcome) => LOOKS[data.outcomes[outcome].name] || ['#1f9d9d', 'square'];
const colorOf = (outcome) => lookOf(outcome)[0];

// ---- choice: outcomes switched off, and an interval of some columns
const switchedOff = new Set();
const brushes = new Map();  // column -> {from, to, open: to is outside, absent: takes rows without a value, only: and no others}
const chosen = new Uint8Array(rows).fill(1);
let chosenCount = rows;
const listeners = [];
const isAll = () => chosenCount === rows && !brushes.size && !switchedOff.size;
function takes(brush, v) {
  if (!Number.isFinite(v)) return !!brush.absent;
  return !brush.only && v >= brush.from && (brush.open ? v < brush.to : v <= brush.to);
}
function choose() {
  chosenCount = 0;
  const active = [...brushes].map(([c, brush]) => [c.values, brush]);
  for (let k = 0; k < rows; ++k) {
    chosen[k] = !switchedOff.has(outcomeOf[k]) && active.every(([values, brush]) => takes(brush, values[k])) ? 1 : 0;
    chosenCount += chosen[k];
  }
  for (const draw of listeners) draw();
}

/// Percentile p (0 to 1) of sorted values: linear between neighbours.
function percentile(sorted, p) {
  const rank = p * (sorted.length - 1), below = Math.floor(rank), above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] === sorted[above] ? sorted[below] : sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
}
/// The chosen scenarios' values of a column, sorted, without the absent ones.
function sortedChosen(values) {
  const sorted = new Float64Array(rows);
  let n = 0;
  for (let k = 0; k < rows; ++k) if (chosen[k] && !Number.isNaN(values[k])) sorted[n++] = values[k];
  return sorted.subarray(0, n).sort();
}
