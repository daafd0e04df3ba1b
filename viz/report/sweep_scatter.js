// Two columns against each other, and the distribution of one.
'use strict';
/// Figures a planner asks for first; then those that differ between scenarios.
const FIRST = ['frequency_min_Hz', 'load_lost_MW', 'angle_departure_deg', 'voltage_end_min_pu', 'voltage_min_pu'];
const varies = (c) => c.distinct.length > 1;
const ordered = () => [...FIRST.map(column).filter(Boolean), ...figures].filter((c, k, all) => all.indexOf(c) === k);
const firstFigure = () => ordered().find(varies) || figures[0];

const scatter = {
  start() {
    if (!rows) return;
    const choices = columns.filter((c) => c.role !== 'message');
    const varied = axes.find(varies), figure = firstFigure();
    const second = ordered().filter((c) => varies(c) && c !== figure)[0];
    fillSelect(byId('scatter-x'), choices, (varied || second || scenarioColumn).name, () => this.plot.render());
    fillSelect(byId('scatter-y'), choices, (figure || scenarioColumn).name, () => this.plot.render());
    this.plot = new Plot(byId('scatter'), 400, (canvas, w, h) => this.draw(canvas, w, h));
    const canvas = this.plot.canvas;
    canvas.addEventListener('mousemove', (e) => {
      const row = this.under(e);
      canvas.style.cursor = row < 0 ? '' : 'pointer';
      if (row < 0) return hideTip();
      const lines = ['scenario ' + numberOf(row) + ': ' + data.outcomes[outcomeOf[row]].name, axesText(row)];
      for (const c of [this.x, this.y]) if (!axes.includes(c) && c !== outcomeColumn && c !== scenarioColumn) lines.push(c.name + ' ' + c.text(row) + ' ' + c.unit);
      showTip(e, lines);
    });
    canvas.addEventListener('mouseleave', hideTip);
    canvas.addEventListener('click', (e) => { const row = this.under(e); if (row >= 0) showOne(row); });
  },
  draw(canvas, width, height) {
    const x = this.x = column(byId('scatter-x').value), y = this.y = column(byId('scatter-y').value);
    const missing = (c) => c.values.some((v) => !Number.isFinite(v));
    const gutterX = missing(x) ? 46 : 0, gutterY = missing(y) ? 24 : 0;
    const sy = scaleOf(y, 8), left = Math.min(130, Math.max(...sy.ticks.map((t) => canvas.measureText(t.label).width), gutterY ? 34 : 0, 10)) + 30;
    const sx = scaleOf(x, x.named ? Math.floor((width - left) / 26) : Math.floor((width - left) / 75));
    const area = {x: left + gutterX, y: 8, w: width - left - gutterX - 12, h: height - 58 - gutterY};
    canvas.textBaseline = 'middle'; canvas.lineWidth = 1;
    canvas.strokeStyle = css('--grid'); canvas.fillStyle = css('--soft');
    canvas.textAlign = 'right';
    for (const t of sy.ticks) {
      const at = area.y + area.h * (1 - sy.at(t.v));
      canvas.beginPath(); canvas.moveTo(area.x, Math.round(at) + 0.5); canvas.lineTo(area.x + area.w, Math.round(at) + 0.5); canvas.stroke();
      canvas.fillText(fitted(canvas, t.label, left - 30), left - 6, at);
    }
    canvas.textAlign = 'center';
    let free = -Infinity;
    for (const t of sx.ticks) {
      const at = area.x + area.w * sx.at(t.v), text = fitted(canvas, t.label, 90), half = canvas.measureText(text).width / 2;
      canvas.beginPath(); canvas.moveTo(Math.round(at) + 0.5, area.y); canvas.lineTo(Math.round(at) + 0.5, area.y + area.h); canvas.stroke();
      if (at - half < free) continue;
      free = at + half + 6;
      canvas.fillText(text, Math.min(at, width - half), area.y + area.h + gutterY + 13);
    }
    canvas.strokeStyle = css('--rule');
    canvas.strokeRect(area.x + 0.5, area.y + 0.5, area.w, area.h);
    if (gutterX) { canvas.strokeRect(left + 0.5, area.y + 0.5, gutterX - 6, area.h); canvas.fillText('absent', left + (gutterX - 6) / 2, area.y + area.h + gutterY + 13); }
    if (gutterY) { canvas.strokeRect(area.x + 0.5, area.y + area.h + 5.5, area.w, gutterY - 6); canvas.textAlign = 'right'; canvas.fillText('absent', left - 6, area.y + area.h + gutterY / 2 + 2); }
    canvas.textAlign = 'center'; canvas.fillStyle = css('--ink');
    canvas.fillText(x.title, area.x + area.w / 2, height - 16);
    canvas.save(); canvas.translate(9, area.y + area.h / 2); canvas.rotate(-Math.PI / 2); canvas.fillText(y.title, 0, 0); canvas.restore();

    this.px = new Float32Array(rows); this.py = new Float32Array(rows);
    // Points of one name lie side by side, by the golden ratio: the same place at every drawing.
    const spread = (c, s, k) => c.named ? (((k * 0.618034) % 1) - 0.5) * 0.5 / Math.max(1, c.names.length) : 0;
    const faded = css('--line'), r = rows > 3000 ? 2 : rows > 400 ? 2.8 : 4;
    const order = Array.from({length: rows}, (_, k) => k).sort((a, b) => chosen[a] - chosen[b] || outcomeOf[a] - outcomeOf[b] || a - b);
    for (const k of order) {
      const vx = x.at(k), vy = y.at(k), wobble = ((k * 0.618034) % 1) - 0.5;
      this.px[k] = Number.isFinite(vx) ? area.x + area.w * (sx.at(vx) + (rows > 1 ? spread(x, sx, k) : 0)) : left + (gutterX - 6) * (0.5 + 0.7 * wobble);
      this.py[k] = Number.isFinite(vy) ? area.y + area.h * (1 - sy.at(vy) - (rows > 1 ? spread(y, sy, k) : 0)) : area.y + area.h + 5 + (gutterY - 6) * (0.5 + 0.5 * wobble);
      canvas.fillStyle = canvas.strokeStyle = chosen[k] ? colorOf(outcomeOf[k]) : faded;
      canvas.globalAlpha = chosen[k] ? (rows > 3000 && outcomeOf[k] === 0 ? 0.45 : 0.85) : 0.25;
      mark(canvas, lookOf(outcomeOf[k])[1], this.px[k], this.py[k], r);
    }
    canvas.globalAlpha = 1;
    if (shownRow >= 0) { canvas.beginPath(); canvas.arc(this.px[shownRow], this.py[shownRow], r + 4, 0, 7); canvas.strokeStyle = css('--mark'); canvas.lineWidth = 2; canvas.stroke(); }
  },
  under(event) {
    const box = this.plot.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    let best = -1, distance = 100;
    for (let k = 0; this.px && k < rows; ++k) {
      const d = (this.px[k] - x) ** 2 + (this.py[k] - y) ** 2;
      if (chosen[k] && d < distance) { distance = d; best = k; }
    }
    return best;
  }
};

/// Bars of equal width, one colour per outcome on top of the other. A figure of few different values has a bar for each.
function histogram(c, most) {
  const distinct = c.distinct;
  if (!distinct.length) return null;
  const from = distinct[0], to = distinct[distinct.length - 1];
  const bins = distinct.length === 1 ? 1 : Math.max(2, Math.min(most, Math.ceil(Math.sqrt(rows)) + 4)), width = (to - from) / bins || 1;
  const counts = Array.from({length: bins}, () => new Uint32Array(data.outcomes.length));
  for (let k = 0; k < rows; ++k) {
    const v = c.at(k);
    if (chosen[k] && Number.isFinite(v)) ++counts[Math.min(bins - 1, Math.floor((v - from) / width))][outcomeOf[k]];
  }
  return {from, to, bins, width, counts, highest: Math.max(1, ...counts.map((n) => n.reduce((s, v) => s + v, 0)))};
}
function drawBars(canvas, bars, area) {
  const w = area.w / bars.bins;
  bars.counts.forEach((counts, b) => {
    let top = area.y + area.h;
    counts.forEach((count, outcome) => {
      if (!count) return;
      const h = area.h * count / bars.highest;
      canvas.fillStyle = colorOf(outcome);
      canvas.fillRect(area.x + b * w, top - h, Math.max(1, w - (w > 4 ? 1 : 0)), h);
      top -= h;
    });
  });
}

const spread = {
  start() {
    if (!figures.length || !rows) return;
    fillSelect(byId('spread-figure'), figures, firstFigure().name, () => this.plot.render());
    this.plot = new Plot(byId('spread'), 370, (canvas, w, h) => this.draw(canvas, w, h));
    this.plot.canvas.addEventListener('mousemove', (e) => this.hover(e));
    this.plot.canvas.addEventListener('mouseleave', hideTip);
  },
  draw(canvas, width, height) {
    const c = this.column = column(byId('spread-figure').value), bars = this.bars = histogram(c, 40), sorted = sortedChosen(c.values);
    byId('spread-count').textContent = sorted.length + ' of ' + chosenCount + (isAll() ? '' : ' chosen') + ' scenarios have the figure';
    const named = [0.05, 0.5, 0.95].map((p) => percentile(sorted, p));
    byId('spread-text').textContent = c.meaning + (sorted.length ? ': 5 % below ' + shown(named[0]) + ', half below ' + shown(named[1]) + ', 95 % below ' + shown(named[2]) + ' ' + c.unit + '.' : ': absent in every chosen scenario.');
    if (!bars) { canvas.fillStyle = css('--soft'); canvas.textAlign = 'center'; canvas.fillText('absent in every scenario', width / 2, height / 2); return; }
    const area = this.area = {x: 46, y: 26, w: width - 60, h: height - 78};
    const from = bars.bins === 1 ? bars.from - 0.5 : bars.from, to = bars.bins === 1 ? bars.from + 0.5 : bars.to;
    const at = (v) => area.x + area.w * (v - from) / (to - from);
    canvas.textBaseline = 'middle'; canvas.strokeStyle = css('--grid'); canvas.fillStyle = css('--soft'); canvas.lineWidth = 1;
    canvas.textAlign = 'right';
    const step = Math.max(1, niceStep(bars.highest / 5));
    for (let n = 0; n <= bars.highest; n += step) {
      const y = Math.round(area.y + area.h * (1 - n / bars.highest)) + 0.5;
      canvas.beginPath(); canvas.moveTo(area.x, y); canvas.lineTo(area.x + area.w, y); canvas.stroke();
      if (Number.isInteger(n)) canvas.fillText(String(n), area.x - 6, y);
    }
    drawBars(canvas, bars, area);
    canvas.fillStyle = css('--soft'); canvas.textAlign = 'center';
    let free = -Infinity;
    for (const t of bars.bins === 1 ? [{v: bars.from, label: shown(bars.from)}] : scaleOf(c, Math.floor(area.w / 80)).ticks) {
      if (t.v < from - 1e-12 || t.v > to + 1e-12 || at(t.v) < free) continue;
      canvas.fillText(t.label, at(t.v), area.y + area.h + 13);
      free = at(t.v) + canvas.measureText(t.label).width + 10;
    }
    canvas.fillStyle = css('--ink');
    canvas.fillText(c.title, area.x + area.w / 2, height - 16);
    if (!sorted.length) return;
    canvas.strokeStyle = canvas.fillStyle = css('--ink');
    canvas.setLineDash([4, 3]);
    free = -Infinity;
    ['5 %', '50 %', '95 %'].forEach((name, k) => {
      const x = at(named[k]), half = canvas.measureText(name).width / 2;
      if (!Number.isFinite(x)) return;
      canvas.beginPath(); canvas.moveTo(x, area.y - 4); canvas.lineTo(x, area.y + area.h); canvas.stroke();
      if (x - half > free) { canvas.fillText(name, Math.min(x, width - half - 2), area.y - 12); free = x + half + 4; }
    });
    canvas.setLineDash([]);
  },
  hover(event) {
    if (!this.bars || !this.area) return;
    const box = this.plot.canvas.getBoundingClientRect(), b = Math.floor((event.clientX - box.left - this.area.x) / this.area.w * this.bars.bins);
    if (b < 0 || b >= this.bars.bins) return hideTip();
    const lines = [shown(this.bars.from + b * this.bars.width) + (this.bars.bins > 1 ? ' to ' + shown(this.bars.from + (b + 1) * this.bars.width) : '') + ' ' + this.column.unit];
    this.bars.counts[b].forEach((n, o) => { if (n) lines.push(n + ' ' + data.outcomes[o].name); });
    showTip(event, lines);
  }
};
