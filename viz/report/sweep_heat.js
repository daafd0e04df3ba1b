// Heat maps: a figure over every pair of axes.
'use strict';
const TAKES = [['median', 'median'], ['mean', 'mean'], ['least', 'least'], ['most', 'most'], ['p05', '5 % percentile'], ['p95', '95 % percentile']];
const SHARE = '\u0001share', WORST = '\u0001worst', COUNT = '\u0001count';  // no column is called so

/// The cells of one side: each different value, or intervals where almost every scenario has its own.
function sideOf(axis, intervals) {
  const distinct = axis.distinct;
  if (axis.named || !intervals || distinct.length <= intervals) {
    const place = new Map(distinct.map((v, k) => [v, k]));
    return {axis, count: distinct.length, of: (v) => place.get(v) ?? -1, label: (k) => axis.label(distinct[k]), brush: (k) => ({from: distinct[k], to: distinct[k]})};
  }
  const from = distinct[0], to = distinct[distinct.length - 1], width = (to - from) / intervals;
  return {axis, count: intervals, of: (v) => Number.isFinite(v) ? Math.min(intervals - 1, Math.floor((v - from) / width)) : -1,
    label: (k) => shown(Number((from + (k + 0.5) * width).toPrecision(3))), edges: (k) => shown(from + k * width) + ' to ' + shown(from + (k + 1) * width),
    brush: (k) => ({from: from + k * width, to: from + (k + 1) * width, open: k < intervals - 1})};
}
/// As many intervals as leave some scenarios in a cell; 0: each value has its own cell.
function intervalsFor(a, b) {
  const cells = a.distinct.length * b.distinct.length;
  return rows / cells >= 0.5 || Math.max(a.distinct.length, b.distinct.length) <= 24 ? 0 : Math.max(4, Math.min(24, Math.round(Math.sqrt(rows / 4))));
}

class Heat {
  constructor(box, a, b) {
    const intervals = intervalsFor(a, b);
    this.x = sideOf(a, intervals); this.y = sideOf(b, intervals);
    this.cell = new Int32Array(rows);
    for (let k = 0; k < rows; ++k) {
      const i = this.x.of(a.at(k)), j = this.y.of(b.at(k));
      this.cell[k] = i < 0 || j < 0 ? -1 : j * this.x.count + i;
    }
    this.plot = new Plot(box, (width) => 62 + Math.max(150, Math.min(420, this.y.count * Math.max(14, Math.min(44, (width - 90) / this.x.count)))), (canvas, w, h) => this.draw(canvas, w, h));
    const canvas = this.plot.canvas;
    canvas.style.cursor = 'pointer';
    canvas.addEventListener('mousemove', (e) => this.hover(e));
    canvas.addEventListener('mouseleave', hideTip);
    canvas.addEventListener('click', (e) => {
      const at = this.under(e);
      if (!at) return;
      brushes.set(this.x.axis, this.x.brush(at[0])); brushes.set(this.y.axis, this.y.brush(at[1]));
      hideTip(); choose();
    });
  }
  /// Per cell: the chosen scenarios' values of the figure, how many there are, the worst outcome, what is shown.
  collect(figure, how) {
    const cells = Array.from({length: this.x.count * this.y.count}, () => ({count: 0, bad: 0, worst: -1, values: []}));
    for (let k = 0; k < rows; ++k) {
      if (!chosen[k] || this.cell[k] < 0) continue;
      const cell = cells[this.cell[k]];
      ++cell.count;
      if (outcomeOf[k] > 0) ++cell.bad;
      if (outcomeOf[k] > cell.worst) cell.worst = outcomeOf[k];
      if (figure && !Number.isNaN(figure.at(k))) cell.values.push(figure.at(k));
    }
    for (const cell of cells) {
      cell.values.sort((a, b) => a - b);
      const v = cell.values, n = v.length;
      if (how === COUNT) cell.value = cell.count;
      else if (!cell.count) cell.value = NaN;
      else if (how === SHARE) cell.value = 100 * (cell.count - cell.bad) / cell.count;
      else if (how === WORST) cell.value = cell.worst;
      else if (!n) cell.value = NaN;
      else cell.value = {least: v[0], most: v[n - 1], mean: v.reduce((s, u) => s + u, 0) / n, median: percentile(v, 0.5), p05: percentile(v, 0.05), p95: percentile(v, 0.95)}[how];
    }
    this.cells = cells; this.how = how; this.figure = figure;
    return cells;
  }
  draw(canvas, width, height) {
    const {x, y, cells} = this;
    let left = 24;
    for (let j = 0; j < y.count; ++j) left = Math.max(left, 30 + Math.min(110, canvas.measureText(y.label(j)).width));
    const area = this.area = {x: left, y: 6, w: width - left - 8, h: height - 54};
    const w = area.w / x.count, h = area.h / y.count, range = heatRange, soft = css('--soft');
    const gap = Math.min(w, h) > 8 ? 1 : 0;
    canvas.textBaseline = 'middle';
    for (let j = 0; j < y.count; ++j) for (let i = 0; i < x.count; ++i) {
      const cell = cells[j * x.count + i], left = area.x + i * w, top = area.y + area.h - (j + 1) * h;
      if (!cell.count) continue;  // no scenario: the card shows through
      if (Number.isNaN(cell.value)) {
        hatch(canvas, left, top, w - gap, h - gap);
      } else {
        const color = this.how === WORST ? null : rampColor(range[1] > range[0] ? (cell.value - range[0]) / (range[1] - range[0]) : 0.5);
        canvas.fillStyle = color ? rgb(color) : colorOf(cell.worst);
        canvas.fillRect(left, top, Math.max(1, w - gap), Math.max(1, h - gap));
        const text = this.how === WORST ? '' : shortNumber(cell.value, range);
        if (text && h > 15 && canvas.measureText(text).width < w - 8) {
          canvas.fillStyle = isDark(color) ? '#fff' : '#111'; canvas.textAlign = 'center';
          canvas.fillText(text, left + w / 2, top + h / 2 + 0.5);
        }
      }
      if (cell.bad && this.how !== WORST && w > 10 && h > 10) {
        const s = Math.min(9, w / 3, h / 2);
        canvas.beginPath(); canvas.moveTo(left + w - gap, top); canvas.lineTo(left + w - gap - 1.6 * s, top); canvas.lineTo(left + w - gap, top + 1.6 * s); canvas.closePath();
        canvas.fillStyle = colorOf(cell.worst); canvas.fill();
        canvas.strokeStyle = css('--card'); canvas.lineWidth = 1; canvas.stroke();
      }
    }
    canvas.strokeStyle = css('--rule'); canvas.strokeRect(area.x - 0.5, area.y - 0.5, area.w + 1, area.h + 1);
    canvas.fillStyle = soft; canvas.textAlign = 'right';
    for (let j = 0, free = Infinity; j < y.count; ++j) {
      const at = area.y + area.h - (j + 0.5) * h;
      if (at > free) continue;
      canvas.fillText(fitted(canvas, y.label(j), 110), area.x - 6, at);
      free = at - 14;
    }
    canvas.textAlign = 'center';
    for (let i = 0, free = -Infinity; i < x.count; ++i) {
      const at = area.x + (i + 0.5) * w, text = fitted(canvas, x.label(i), Math.max(w, 90)), half = canvas.measureText(text).width / 2;
      if (at - half < free || at + half > width + 4) continue;
      canvas.fillText(text, at, area.y + area.h + 13);
      free = at + half + 7;
    }
    canvas.fillStyle = css('--ink');
    canvas.fillText(x.axis.title, area.x + area.w / 2, height - 18);
    canvas.save(); canvas.translate(10, area.y + area.h / 2); canvas.rotate(-Math.PI / 2); canvas.fillText(fitted(canvas, y.axis.title, area.h + 40), 0, 0); canvas.restore();
  }
  under(event) {
    const box = this.plot.canvas.getBoundingClientRect(), {area} = this;
    if (!area) return null;
    const i = Math.floor((event.clientX - box.left - area.x) / area.w * this.x.count), j = Math.floor((area.y + area.h - event.clientY + box.top) / area.h * this.y.count);
    return i < 0 || j < 0 || i >= this.x.count || j >= this.y.count ? null : [i, j];
  }
  hover(event) {
    const at = this.under(event);
    if (!at) return hideTip();
    const cell = this.cells[at[1] * this.x.count + at[0]];
    const side = (s, k) => s.axis.name + ' ' + (s.edges ? s.edges(k) : s.label(k)) + (s.axis.unit ? ' ' + s.axis.unit : '');
    const lines = [side(this.x, at[0]) + ', ' + side(this.y, at[1]), cell.count + (cell.count === 1 ? ' scenario' : ' scenarios') + (cell.count ? ', ' + (cell.count - cell.bad) + ' ' + data.outcomes[0].name : '')];
    if (cell.bad) lines.push('worst: ' + data.outcomes[cell.worst].name);
    if (this.figure && cell.count) lines.push(cell.values.length ? this.figure.name + ': ' + byId('heat-take').selectedOptions[0].textContent + ' ' + shown(cell.value) + ' ' + this.figure.unit : this.figure.name + ' is absent');
    if (this.figure && cell.values.length > 1) lines.push('from ' + shown(cell.values[0]) + ' to ' + shown(cell.values[cell.values.length - 1]));
    showTip(event, lines);
  }
}
/// As many digits as tell the cells of one map from another.
function shortNumber(v, range) {
  const places = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(Math.max(range[1] - range[0], 1e-12)) + 1e-9)));
  return shown(+v.toFixed(places));
}

let heatRange = [0, 1];
const heats = [];
const HEATS_MOST = 15;  // six axes' pairs
function refreshHeats() {
  const choice = byId('heat-figure').value, figure = choice[0] === '\u0001' ? null : column(choice);
  byId('heat-take').closest('label').hidden = !figure;
  let least = Infinity, most = -Infinity;
  for (const heat of heats) for (const cell of heat.collect(figure, figure ? byId('heat-take').value : choice))
    if (cell.count && Number.isFinite(cell.value)) { least = Math.min(least, cell.value); most = Math.max(most, cell.value); }
  heatRange = choice === SHARE ? [0, 100] : [least, most];
  const scale = byId('heat-scale');
  scale.textContent = '';
  if (choice === WORST) {
    for (const outcome of [...new Set(outcomeOf)].sort()) {
      const key = make('span', 'key'), patch = make('i');
      patch.style.background = colorOf(outcome);
      key.append(patch, data.outcomes[outcome].name);
      scale.append(key);
    }
  } else if (least <= most) {
    const ramp = make('i');
    ramp.style.background = 'linear-gradient(to right,' + RAMP.map(rgb).join(',') + ')';
    scale.append(make('b', '', shown(heatRange[0])), ramp, make('b', '', shown(heatRange[1]) + ' ' + (figure ? figure.unit : choice === SHARE ? '%' : '')));
  }
  if (figure) scale.append(make('span', 'key', 'hatched: absent'));
  for (const heat of heats) heat.plot.render();
}
function startHeats() {
  const varied = axes.filter((a) => a.distinct.length > 1);
  const over = varied.length > 1 ? varied : [];
  if (!over.length) return;
  byId('heat-section').hidden = false;
  for (let i = 0; i < over.length; ++i) for (let j = i + 1; j < over.length; ++j) {
    if (heats.length === HEATS_MOST) break;
    const box = make('div');
    byId('heats').append(box);
    heats.push(new Heat(box, over[i], over[j]));
  }
  const pairs = over.length * (over.length - 1) / 2;
  if (pairs > HEATS_MOST) byId('heats').append(make('p', 'hint', 'The first ' + HEATS_MOST + ' of ' + pairs + ' pairs of axes.'));
  const specials = [[WORST, 'worst outcome'], [SHARE, 'share ' + data.outcomes[0].name + ', %'], [COUNT, 'number of scenarios']];
  fillSelect(byId('heat-figure'), specials.concat(figures), new Set(outcomeOf).size > 1 ? SHARE : (firstFigure() || {name: COUNT}).name, refreshHeats);
  fillSelect(byId('heat-take'), TAKES, 'median', refreshHeats);
  listeners.unshift(refreshHeats);
  refreshHeats();
}
