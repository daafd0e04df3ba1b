// Drawing: canvases that fit their boxes, scales with ticks, marks, the tooltip, selects.
'use strict';
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const FONT = '11px system-ui, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif';
const plots = [];

/// A canvas in a box, drawn again when the box, the choice or the colours change.
class Plot {
  constructor(box, height, draw) {
    this.box = box; this.height = height; this.draw = draw;
    this.canvas = make('canvas');
    box.append(this.canvas);
    plots.push(this);
    new ResizeObserver(() => { if (box.clientWidth !== this.width) this.render(); }).observe(box);
  }
  render() {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.now());
  }
  now() {
    const ratio = devicePixelRatio || 1, width = this.box.clientWidth;
    if (!width) return;
    const height = typeof this.height === 'function' ? this.height(width) : this.height;
    this.width = width;
    this.canvas.width = Math.round(width * ratio); this.canvas.height = Math.round(height * ratio);
    this.canvas.style.height = height + 'px';
    const canvas = this.canvas.getContext('2d');
    canvas.scale(ratio, ratio);
    canvas.font = FONT;
    this.draw(canvas, width, height);
  }
}
listeners.push(() => plots.forEach((plot) => plot.render()));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plots.forEach((plot) => plot.render()));

const niceStep = (raw) => { const power = 10 ** Math.floor(Math.log10(raw)); return power * ([1, 2, 2.5, 5].find((m) => m * power >= raw * 0.999) || 10); };
/// Where a column's values lie between 0 and 1, and ticks; most: ticks there is room for.
function scaleOf(c, most) {
  const distinct = c.distinct;
  if (c.named) {
    const count = Math.max(1, c.names.length), skip = Math.ceil(count / Math.max(1, most)), ticks = [];
    for (let k = 0; k < count && c.names.length; k += skip) ticks.push({v: k, label: c.names[k]});
    return {from: -0.5, to: count - 0.5, ticks, at: (v) => (v + 0.5) / count, empty: !c.names.length};
  }
  if (!distinct.length) return {from: 0, to: 1, ticks: [], at: () => 0.5, empty: true};
  let from = distinct[0], to = distinct[distinct.length - 1];
  const room = to > from ? 0.03 * (to - from) : Math.max(0.02 * Math.abs(to), 0.01);
  from -= room; to += room;
  const at = (v) => (v - from) / (to - from);
  if ((c.role === 'axis' || c.role === 'scenario') && distinct.length <= Math.min(most, 12)) return {from, to, ticks: distinct.map((v) => ({v, label: shown(v)})), at};
  const step = niceStep((to - from) / Math.max(1, most)), ticks = [];
  const places = Math.max(0, Math.min(9, -Math.floor(Math.log10(step) + 1e-9) + (String(step).includes('25') ? 1 : 0)));
  for (let k = Math.ceil(from / step); k * step <= to; ++k) ticks.push({v: k * step, label: (Math.abs(k * step) >= 1e6 ? shown(k * step) : (k * step).toFixed(places)).replace(/^-(?=0(\.0*)?$)/, '').replace('-', '−')});
  return {from, to, ticks, at};
}
/// A text that ends before `room` pixels do.
function fitted(canvas, text, room) {
  if (canvas.measureText(text).width <= room) return text;
  while (text.length > 1 && canvas.measureText(text + '…').width > room) text = text.slice(0, -1);
  return text + '…';
}

function mark(canvas, shape, x, y, r) {
  canvas.beginPath();
  if (shape === 'circle') canvas.arc(x, y, r, 0, 7);
  else if (shape === 'square') canvas.rect(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r);
  else if (shape === 'diamond') { canvas.moveTo(x, y - 1.25 * r); canvas.lineTo(x + 1.25 * r, y); canvas.lineTo(x, y + 1.25 * r); canvas.lineTo(x - 1.25 * r, y); }
  else if (shape === 'triangle') { canvas.moveTo(x, y - 1.2 * r); canvas.lineTo(x + 1.15 * r, y + 0.9 * r); canvas.lineTo(x - 1.15 * r, y + 0.9 * r); }
  else {
    canvas.moveTo(x - r, y - r); canvas.lineTo(x + r, y + r); canvas.moveTo(x + r, y - r); canvas.lineTo(x - r, y + r);
    canvas.lineWidth = 1.8; canvas.stroke();
    return;
  }
  canvas.closePath();
  canvas.fill();
}

const tip = byId('tip');
function showTip(event, lines) {
  tip.textContent = lines.filter(Boolean).join('\n');
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - box.width - 6)) + 'px';
  tip.style.top = Math.max(4, event.clientY + 18 + box.height > innerHeight ? event.clientY - box.height - 10 : event.clientY + 18) + 'px';
}
const hideTip = () => { tip.hidden = true; };

/// Fills a select with columns (or [value, text] pairs) and calls back when another one is taken.
function fillSelect(select, options, taken, changed) {
  for (const option of options) {
    const node = make('option', '', option instanceof Column ? option.title : option[1]);
    node.value = option instanceof Column ? option.name : option[0];
    if (option instanceof Column) node.title = option.meaning;
    select.append(node);
  }
  if (taken !== undefined) select.value = taken;
  select.addEventListener('change', changed);
}
const take = (select, value) => { if ([...select.options].some((o) => o.value === value)) { select.value = value; select.dispatchEvent(new Event('change')); } };

// Viridis (matplotlib's table at eight places): equal steps of value look like equal steps of colour.
const RAMP = [[68, 1, 84], [70, 50, 127], [54, 92, 141], [39, 127, 142], [31, 161, 135], [74, 194, 109], [159, 218, 58], [253, 231, 37]];
function rampColor(share) {
  const x = Math.max(0, Math.min(1, share)) * (RAMP.length - 1), k = Math.min(RAMP.length - 2, Math.floor(x));
  return RAMP[k].map((c, i) => Math.round(c + (x - k) * (RAMP[k + 1][i] - c)));
}
const rgb = (c) => 'rgb(' + c.join(',') + ')';
const isDark = (c) => 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2] < 140;

/// Diagonal lines: nothing was found out here.
function hatch(canvas, x, y, w, h) {
  canvas.save();
  canvas.beginPath(); canvas.rect(x, y, w, h); canvas.clip();
  canvas.strokeStyle = css('--line'); canvas.lineWidth = 1; canvas.globalAlpha = 0.7;
  canvas.beginPath();
  for (let d = -h; d < w; d += 6) { canvas.moveTo(x + d, y + h); canvas.lineTo(x + d + h, y); }
  canvas.stroke();
  canvas.restore();
}
