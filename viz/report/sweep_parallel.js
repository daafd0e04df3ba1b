// Parallel coordinates: one upright per column, one line per scenario; brushes on the uprights choose scenarios.
'use strict';
const parallel = {
  shownColumns: [],
  start() {
    if (!rows) return;
    const MOST = 10;
    const lead = axes.filter(varies).slice(0, 6), own = ordered().filter((c) => varies(c) && !lead.includes(c));
    const first = FIRST.map(column).filter((c) => c && own.includes(c));
    const last = own.filter((c) => !first.includes(c)).slice(-2);  // metrics of the sweep file stand last
    if (varies(outcomeColumn)) lead.push(outcomeColumn);
    this.shownColumns = [...lead, ...first.slice(0, Math.max(1, MOST - lead.length - last.length)), ...last].slice(0, MOST);
    if (this.shownColumns.length < 3) this.shownColumns = [...axes, outcomeColumn, ...figures].slice(0, 6);
    for (const c of columns) {
      if (c === messageColumn) continue;
      const item = make('label'), check = make('input');
      check.type = 'checkbox'; check.checked = this.shownColumns.includes(c);
      check.addEventListener('change', () => {
        if (check.checked) this.shownColumns.push(c);
        else { this.shownColumns = this.shownColumns.filter((other) => other !== c); if (brushes.delete(c)) choose(); }
        this.plot.render();
      });
      item.append(check, ' ' + c.name);
      item.title = c.meaning;
      byId('parallel-columns').append(item);
    }
    this.plot = new Plot(byId('parallel'), 380, (canvas, w, h) => this.draw(canvas, w, h));
    const canvas = this.plot.canvas;
    canvas.addEventListener('pointerdown', (e) => this.down(e));
    canvas.addEventListener('pointermove', (e) => this.move(e));
    canvas.addEventListener('pointerup', (e) => this.up(e));
  },
  /// Height of a value; those without one lie below the upright.
  y(c, v) { return Number.isFinite(v) ? this.bottom - (this.bottom - this.top) * c.scale.at(v) : this.absent; },
  draw(canvas, width, height) {
    const uprights = this.uprights = this.shownColumns.map((c) => ({c, scale: scaleOf(c, c.named ? 24 : 7)}));
    uprights.forEach((u) => { u.c.scale = u.scale; });
    this.top = 44; this.bottom = height - 44; this.absent = height - 18;
    const side = 60, gap = uprights.length > 1 ? (width - 2 * side) / (uprights.length - 1) : 0;
    uprights.forEach((u, k) => { u.x = uprights.length > 1 ? side + k * gap : width / 2; u.missing = u.c.values.some((v) => !Number.isFinite(v)); });
    const order = Array.from({length: rows}, (_, k) => k).sort((a, b) => chosen[a] - chosen[b] || outcomeOf[a] - outcomeOf[b]);
    const faded = css('--line'), crowd = Math.max(0.05, Math.min(0.75, 250 / Math.max(1, chosenCount)));
    canvas.lineWidth = rows > 2000 ? 0.8 : 1.1;
    for (const k of order) {
      canvas.strokeStyle = chosen[k] ? colorOf(outcomeOf[k]) : faded;
      canvas.globalAlpha = !chosen[k] ? Math.min(0.15, 40 / rows) : outcomeOf[k] === 0 ? crowd : Math.max(0.2, crowd);
      this.line(canvas, k);
    }
    canvas.globalAlpha = 1;
    if (shownRow >= 0) { canvas.strokeStyle = css('--mark'); canvas.lineWidth = 2.4; this.line(canvas, shownRow); }
    canvas.lineWidth = 1; canvas.textBaseline = 'middle';
    const card = css('--card'), ink = css('--ink'), soft = css('--soft'), rule = css('--faint'), accent = css('--accent');
    const written = (text, x, y, color) => {  // readable on top of lines
      canvas.lineWidth = 3; canvas.strokeStyle = card; canvas.lineJoin = 'round'; canvas.strokeText(text, x, y);
      canvas.lineWidth = 1; canvas.fillStyle = color; canvas.fillText(text, x, y);
    };
    uprights.forEach((u, k) => {
      canvas.strokeStyle = rule;
      canvas.beginPath(); canvas.moveTo(u.x, this.top); canvas.lineTo(u.x, this.bottom); canvas.stroke();
      const brush = brushes.get(u.c);
      if (brush) {
        canvas.fillStyle = accent; canvas.globalAlpha = 0.3;
        if (!brush.only) {
          let a = this.y(u.c, Math.max(brush.from, u.scale.from)), b = this.y(u.c, Math.min(brush.to, u.scale.to));
          if (a - b < 6) { a += 3; b -= 3; }
          canvas.fillRect(u.x - 8, b, 16, a - b);
        }
        if (brush.absent) canvas.fillRect(u.x - 8, this.absent - 7, 16, 14);
        canvas.globalAlpha = 1;
      }
      const last = k === uprights.length - 1 && k > 0;
      canvas.textAlign = last ? 'right' : 'left';
      const dx = last ? -6 : 6, room = last ? 90 : Math.max(30, gap - 14);
      let free = Infinity;
      for (const t of u.scale.ticks) {
        const y = this.y(u.c, t.v);
        if (y > free) continue;
        free = y - 12;
        written(fitted(canvas, t.label, room), u.x + dx, y, soft);
      }
      if (u.missing) written('absent', u.x + dx, this.absent, soft);
      canvas.textAlign = k === 0 && uprights.length > 1 ? 'left' : last ? 'right' : 'center';
      const x = k === 0 && uprights.length > 1 ? 4 : last ? width - 4 : u.x;
      const words = inTwo(canvas, u.c.name, Math.max(60, gap - 8));
      words.forEach((word, n) => written(word, x, 10 + 13 * n, ink));
      if (u.c.unitToo) written(u.c.unit, x, 10 + 13 * words.length, soft);
    });
  },
  line(canvas, k) {
    canvas.beginPath();
    this.uprights.forEach((u, i) => { const y = this.y(u.c, u.c.at(k)); if (i) canvas.lineTo(u.x, y); else canvas.moveTo(u.x, y); });
    canvas.stroke();
  },
  place(event) {
    const box = this.plot.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    let best = null;
    for (const u of this.uprights || []) if (Math.abs(u.x - x) < 22 && (!best || Math.abs(u.x - x) < Math.abs(best.x - x))) best = u;
    return {u: best, y};
  },
  down(event) {
    const {u, y} = this.place(event);
    if (!u || y < this.top - 12) return;
    this.drag = {u, from: y, moved: false};
    this.plot.canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  },
  move(event) {
    if (!this.drag) { this.plot.canvas.style.cursor = this.place(event).u ? 'ns-resize' : ''; return; }
    const {u, from} = this.drag, y = this.place(event).y;
    if (!this.drag.moved && Math.abs(y - from) < 4) return;
    this.drag.moved = true;
    const low = Math.max(from, y), high = Math.min(from, y), span = this.bottom - this.top;
    const value = (at) => u.scale.from + (u.scale.to - u.scale.from) * (this.bottom - at) / span;
    brushes.set(u.c, {from: value(low), to: value(high), absent: low > this.absent - 8 && high < this.absent + 8, only: high > this.bottom + 4});
    cancelAnimationFrame(this.waiting);  // a drag over 10,000 scenarios draws as often as it can, not as often as it moves
    this.waiting = requestAnimationFrame(choose);
  },
  up(event) {
    if (this.drag && !this.drag.moved && brushes.delete(this.drag.u.c)) choose();
    this.drag = null;
  }
};
/// A name in one line, or in two, parted at an underscore.
function inTwo(canvas, name, room) {
  if (canvas.measureText(name).width <= room) return [name];
  const places = [...name].map((c, k) => c === '_' ? k + 1 : -1).filter((k) => k > 0);
  const middle = places.sort((a, b) => Math.abs(a - name.length / 2) - Math.abs(b - name.length / 2))[0];
  return (middle ? [name.slice(0, middle), name.slice(middle)] : [name]).map((part) => fitted(canvas, part, room));
}
