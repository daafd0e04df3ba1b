// The report's behaviour. Texts of the case reach the page only through textContent.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const byId = (id) => document.getElementById(id);
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const svg = (tag, attributes, text) => {
    const node = document.createElementNS(byId('strip').namespaceURI, tag);
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const style = () => getComputedStyle(document.documentElement);
  const COLORS = ['#2f7dc4', '#d9742b', '#2f9a5b', '#b9529c', '#8264cf', '#a98600', '#1f9d9d', '#cf4b4b', '#6c8097', '#769a1a', '#dd6a9a', '#4f5bd5'];

  // ---- time window, shared by all charts
  const times = new Float64Array(bytesOf(data.times).buffer);
  const whole = times.length ? [times[0], Math.max(times[times.length - 1], times[0] + 1e-3)] : [0, 1];
  let shown = whole.slice();
  let chosen = -1;
  const charts = [];
  const digits = (range) => Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(range || 1))));
  const seconds = (t) => t.toFixed(Math.max(2, digits(shown[1] - shown[0])));

  function setWindow(from, to) {
    const least = Math.min(1e-4, whole[1] - whole[0]);
    from = Math.max(whole[0], from); to = Math.min(whole[1], Math.max(to, from + least));
    shown = [from, to];
    for (const chart of charts) if (chart.graph) chart.graph.updateOptions({dateWindow: shown.slice(), valueRange: chart.range()});
    byId('window').textContent = seconds(from) + ' to ' + seconds(to) + ' s';
    drawStrip();
  }

  // ---- events
  const KINDS = [[/fault-cleared|closed|restor|revived|synchron/, '#2f9a5b'], [/fault/, '#d32f2f'], [/open|trip|shed|dead|lost|collapse|lock/, '#e07b00'],
    [/mode|transfer/, '#7b61d1'], [/island|split|merge/, '#b0428e'], [/limit/, '#8a94a0']];
  const colorOf = (event) => (KINDS.find((kind) => kind[0].test(event.kind)) || [null, '#2f7dc4'])[1];
  const eventBody = byId('events').querySelector('tbody');
  const PAGE = 300;
  let matching = data.events, rendered = 0;

  function rowOf(event) {
    const row = make('tr');
    row.dataset.id = event.id;
    row.append(make('td', 'n', String(event.id + 1)), make('td', 'n', event.time_s.toFixed(3)));
    const what = make('td');
    const dot = make('span', 'dot'); dot.style.background = colorOf(event);
    what.append(dot, event.text || event.kind);
    if (event.text && event.kind) what.title = event.kind + (event.crossed ? ': ' + event.crossed : '');
    row.append(what, make('td', 'device', event.device));
    const power = event.power_MW || 0;
    row.append(make('td', 'n' + (power < 0 ? ' loss' : ''), power ? (power > 0 ? '+' : '−') + Math.abs(power).toFixed(Math.abs(power) < 10 ? 1 : 0) : ''));
    const cause = make('td', 'cause');
    if (event.cause >= 0) {
      const from = data.events[event.cause];
      const link = make('a', '', '#' + (event.cause + 1) + ' ' + (from.kind || from.text));
      link.href = '#'; link.title = from.text + (event.cause_text ? ': ' + event.cause_text : '');
      link.addEventListener('click', (e) => { e.preventDefault(); e.stopPropagation(); chooseEvent(event.cause, true); });
      cause.append(link);
    } else cause.textContent = event.cause_text || '';
    row.append(cause);
    row.addEventListener('click', () => chooseEvent(event.id, true));
    return row;
  }
  function renderEvents(upTo) {
    const end = Math.min(matching.length, upTo);
    const rows = document.createDocumentFragment();
    for (; rendered < end; ++rendered) rows.append(rowOf(matching[rendered]));
    eventBody.append(rows);
    const more = byId('event-more'), left = matching.length - rendered;
    more.hidden = left === 0;
    more.textContent = 'Show ' + Math.min(left, PAGE) + ' more of ' + left;
  }
  function filterEvents() {
    const words = byId('event-filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    matching = data.events.filter((e) => { const text = (e.kind + ' ' + e.device + ' ' + e.text + ' ' + e.cause_text).toLowerCase(); return words.every((w) => text.includes(w)); });
    eventBody.textContent = ''; rendered = 0;
    renderEvents(PAGE);
    byId('event-count').textContent = words.length ? matching.length + ' of ' + data.events.length : String(data.events.length || 'none');
    markChosen();
  }
  function markChosen(scroll) {
    for (const row of eventBody.querySelectorAll('.chosen')) row.classList.remove('chosen');
    const row = chosen >= 0 && eventBody.querySelector('tr[data-id="' + chosen + '"]');
    if (!row) return;
    row.classList.add('chosen');
    const box = eventBody.closest('.scroll');
    if (scroll) box.scrollTop = row.offsetTop - box.clientHeight / 2 + row.offsetHeight / 2;
  }
  function chooseEvent(id, zoom) {
    chosen = id;
    const event = data.events[id];
    let at = matching.indexOf(event);
    if (at < 0) { byId('event-filter').value = ''; filterEvents(); at = id; }
    if (at >= rendered) renderEvents(at + PAGE);
    markChosen(true);
    if (zoom) lookAt(event.time_s); else setWindow(shown[0], shown[1]);
    if (data.map && data.map.frames.length) showMap(frameAt(event.time_s));
  }
  /// Zooms so that a moment and what follows it fill the charts; a narrower window only moves.
  function lookAt(time) {
    const span = Math.min(whole[1] - whole[0], Math.max(0.5, Math.min(5, (whole[1] - whole[0]) / 6)));
    const width = Math.min(span, shown[1] - shown[0]);
    const from = Math.min(Math.max(whole[0], time - 0.2 * width), whole[1] - width);
    setWindow(from, from + width);
  }

  // ---- the strip of events at the top
  function drawStrip() {
    const strip = byId('strip'), width = strip.clientWidth || 600;
    const x = (t) => 8 + (width - 16) * (t - whole[0]) / (whole[1] - whole[0]);
    strip.textContent = '';
    strip.append(svg('rect', {x: x(shown[0]), y: 3, width: Math.max(2, x(shown[1]) - x(shown[0])), height: 17, fill: 'var(--shade)', stroke: 'var(--rule)'}));
    strip.append(svg('line', {x1: 8, x2: width - 8, y1: 11.5, y2: 11.5, stroke: 'var(--rule)'}));
    const step = niceStep((whole[1] - whole[0]) / Math.max(2, Math.floor(width / 90)));
    for (let t = Math.ceil(whole[0] / step) * step; t <= whole[1] + 1e-9; t += step)
      strip.append(svg('text', {x: x(t), y: 33, 'text-anchor': 'middle'}, +t.toFixed(6) + (t + step > whole[1] + 1e-9 ? ' s' : '')));
    const drawn = new Set();
    for (const event of data.events) {
      const key = Math.round(x(event.time_s)) + colorOf(event);
      if (drawn.has(key) && event.id !== chosen) continue;
      drawn.add(key);
      const dot = svg('circle', {class: 'event', cx: x(event.time_s), cy: 11.5, r: event.id === chosen ? 6 : 4, fill: colorOf(event), 'fill-opacity': 0.9});
      dot.append(svg('title', {}, '#' + (event.id + 1) + ' at ' + event.time_s.toFixed(3) + ' s: ' + event.text));
      dot.addEventListener('click', () => chooseEvent(event.id, true));
      strip.append(dot);
    }
  }
  const niceStep = (raw) => { const power = 10 ** Math.floor(Math.log10(raw)); return power * ([1, 2, 5].find((m) => m * power >= raw) || 10); };

  // ---- charts
  const decode = (series) => {
    const codes = new Uint16Array(bytesOf(series.codes).buffer), values = new Array(codes.length);
    const step = (series.max - series.min) / 65534;
    for (let i = 0; i < codes.length; ++i) values[i] = codes[i] === 65535 ? null : series.min + step * codes[i];
    return values;
  };
  const firstShown = () => { let low = 0, high = times.length; while (low < high) { const mid = (low + high) >> 1; if (times[mid] < shown[0]) low = mid + 1; else high = mid; } return low; };
  class Chart {
    constructor(quantity, card) {
      this.quantity = quantity;
      this.on = quantity.series.map((_, i) => i < quantity.shown);
      const head = make('div', 'chart-head');
      head.append(make('h3', '', quantity.title), make('span', 'sub', quantity.meaning));
      this.box = make('div', 'chart');
      this.legend = make('div', 'legend');
      card.append(head, this.box, this.legend);
      if (quantity.series.length > quantity.shown || quantity.left > 0) card.append(this.chooser());
      this.drawLegend();
    }
    /// Series take the first free colour when they are switched on.
    visible() { return this.quantity.series.map((_, i) => i).filter((i) => this.on[i]); }
    color(i) {
      this.colors = this.colors || new Map();
      if (!this.colors.has(i)) {
        const used = new Set(this.visible().map((j) => this.colors.get(j)));
        this.colors.set(i, COLORS.find((c) => !used.has(c)) || COLORS[i % COLORS.length]);
      }
      return this.colors.get(i);
    }
    rows() {
      const columns = this.visible().map((i) => this.valuesOf(i));
      const rows = new Array(times.length);
      for (let k = 0; k < times.length; ++k) { const row = [times[k]]; for (const column of columns) row.push(column[k]); rows[k] = row; }
      return rows;
    }
    options() {
      const visible = this.visible();
      return {file: this.rows(), labels: ['t'].concat(visible.map(String)), colors: visible.map((i) => this.color(i)), valueRange: this.range()};
    }
    /// Of the values in the window, with some room; a curve that hardly moves is not blown up to fill the chart.
    range() {
      let min = Infinity, max = -Infinity;
      for (const i of this.visible()) {
        const values = this.valuesOf(i);
        for (let k = firstShown(); k < times.length && times[k] <= shown[1]; ++k) {
          const v = values[k];
          if (v !== null) { if (v < min) min = v; if (v > max) max = v; }
        }
      }
      if (!(min <= max)) return [0, 1];
      const least = {Hz: 0.02, pu: 0.002, 1: 0.05, MW: 0.5, Mvar: 0.5, deg: 0.5}[this.quantity.unit] || 1e-3 * Math.max(Math.abs(min), Math.abs(max), 1e-3);
      const room = Math.max(0.06 * (max - min), least);
      return [min - room, max + room];
    }
    valuesOf(i) { const series = this.quantity.series[i]; return series.values = series.values || decode(series); }
    create() {
      if (this.graph) return;
      const quantity = this.quantity;
      const axis = {drawAxis: true, axisLineColor: 'transparent'};
      this.graph = new Dygraph(this.box, this.rows(), Object.assign(this.options(), {
        file: undefined, dateWindow: shown.slice(), legend: 'never', stepPlot: quantity.steps, connectSeparatedPoints: false,
        strokeWidth: 1.4, highlightCircleSize: 2.5, ylabel: quantity.unit_label, yLabelWidth: 16, gridLineColor: style().getPropertyValue('--grid').trim(),
        axes: {
          x: Object.assign({pixelsPerLabel: 70, axisLabelFormatter: (t) => (+t.toFixed(6)) + ' s'}, axis),
          y: Object.assign({axisLabelWidth: quantity.modes ? 92 : 56, pixelsPerLabel: 32, axisLabelFormatter: (v, gran, options, g) => label(v, g)}, axis,
            quantity.modes ? {ticker: () => quantity.modes.map((name, v) => ({v, label: name}))} : {})
        },
        underlayCallback: (canvas, area, graph) => this.drawEvents(canvas, area, graph),
        drawCallback: (graph, initial) => {
          if (initial) return;
          const range = graph.xAxisRange();
          if (Math.abs(range[0] - shown[0]) + Math.abs(range[1] - shown[1]) > 1e-9 * (whole[1] - whole[0])) setWindow(range[0], range[1]);
        },
        highlightCallback: (e, x, points, row) => hover(row, this),
        unhighlightCallback: () => hover(-1, this),
        clickCallback: (e, x) => this.clicked(e)
      }));
      // A double click means the whole run, in every chart.
      this.graph.resetZoom = () => setWindow(whole[0], whole[1]);
    }
    drawEvents(canvas, area, graph) {
      canvas.save();
      canvas.lineWidth = 1;
      let last = -Infinity;
      for (const event of data.events) {
        if (event.id !== chosen && (event.time_s < shown[0] || event.time_s > shown[1])) continue;
        const x = Math.round(graph.toDomXCoord(event.time_s)) + 0.5;
        if (x < area.x || x > area.x + area.w) continue;
        const isChosen = event.id === chosen;
        if (!isChosen && x - last < 1) continue;
        last = x;
        canvas.globalAlpha = isChosen ? 1 : 0.45;
        canvas.strokeStyle = isChosen ? style().getPropertyValue('--mark').trim() : colorOf(event);
        canvas.setLineDash(isChosen ? [] : [3, 3]);
        canvas.beginPath(); canvas.moveTo(x, area.y); canvas.lineTo(x, area.y + area.h); canvas.stroke();
      }
      canvas.setLineDash([]);
      canvas.globalAlpha = 1;
      canvas.font = '10px system-ui, sans-serif';
      canvas.fillStyle = style().getPropertyValue('--soft').trim();
      let free = -Infinity;
      for (const event of data.events) {
        const x = graph.toDomXCoord(event.time_s), text = String(event.id + 1), width = canvas.measureText(text).width;
        if (x < Math.max(area.x, free) || x + 3 + width > area.x + area.w) continue;
        canvas.fillText(text, x + 3, area.y + 9);
        free = x + width + 6;
      }
      canvas.restore();
    }
    clicked(e) {
      const [x] = this.graph.eventToDomCoords(e);
      let best = -1, distance = 7;
      for (const event of data.events) { const d = Math.abs(this.graph.toDomXCoord(event.time_s) - x); if (d < distance) { distance = d; best = event.id; } }
      if (best >= 0) chooseEvent(best, false);
    }
    drawLegend() {
      this.legend.textContent = '';
      this.readouts = [];
      for (const i of this.visible()) {
        const item = make('button'), swatch = make('span', 'swatch'), value = make('span', 'value');
        item.type = 'button'; item.title = 'Hide ' + this.quantity.series[i].name;
        swatch.style.background = this.color(i);
        item.append(swatch, make('span', '', this.quantity.series[i].name), value);
        item.addEventListener('click', () => { if (this.visible().length > 1) this.toggle(i, false); });
        item.addEventListener('mouseenter', () => this.graph && this.graph.updateOptions({strokeWidth: 0.6, [String(i)]: {strokeWidth: 2.6}}));
        item.addEventListener('mouseleave', () => this.graph && this.graph.updateOptions({strokeWidth: 1.4, [String(i)]: {strokeWidth: 1.4}}));
        this.legend.append(item);
        this.readouts.push([i, value]);
      }
    }
    readout(row) {
      for (const [i, value] of this.readouts) {
        const values = this.quantity.series[i].values, v = row >= 0 && values ? values[row] : undefined;
        value.textContent = v === undefined || v === null ? '' : this.quantity.modes ? this.quantity.modes[Math.round(v)] || String(v) : label(v, this.graph);
      }
    }
    toggle(i, on) {
      this.on[i] = on;
      this.drawLegend();
      if (this.checks && this.checks[i]) this.checks[i].checked = on;
      if (this.graph) this.graph.updateOptions(this.options());
    }
    chooser() {
      const box = make('details', 'more'), quantity = this.quantity;
      const total = quantity.series.length + quantity.left;
      box.append(make('summary', '', quantity.shown < quantity.series.length
        ? 'The ' + quantity.shown + ' that moved most of ' + total + ': show others' : total + ' elements'));
      const fill = () => {
        if (this.checks) return;
        this.checks = [];
        const find = make('input'), list = make('div', 'list');
        find.type = 'search'; find.placeholder = 'Find'; find.setAttribute('aria-label', 'Find an element');
        quantity.series.forEach((series, i) => {
          const item = make('label'), check = make('input');
          check.type = 'checkbox'; check.checked = this.on[i];
          check.addEventListener('change', () => this.toggle(i, check.checked));
          item.append(check, ' ' + series.name);
          this.checks.push(check); list.append(item);
        });
        find.addEventListener('input', () => { const word = find.value.toLowerCase(); quantity.series.forEach((s, i) => { list.children[i].hidden = !s.name.toLowerCase().includes(word); }); });
        box.append(find, list);
        if (quantity.left) box.append(make('p', 'hint', quantity.left + ' more, which moved less, are in the record.'));
      };
      box.addEventListener('toggle', fill);
      return box;
    }
  }
  function label(value, graph) {
    const range = graph ? graph.yAxisRange(0) : [0, 1];
    const places = Math.max(0, Math.min(7, 3 - Math.floor(Math.log10(Math.max(Math.abs(range[1] - range[0]), 1e-12)))));
    return (+value.toFixed(places)).toLocaleString('en-US', {maximumFractionDigits: places, useGrouping: false}).replace(/^-/, '−');
  }
  let hovering = false;
  function hover(row, source) {
    if (hovering) return;
    hovering = true;
    for (const chart of charts) {
      if (!chart.graph) continue;
      if (chart !== source) { if (row >= 0) chart.graph.setSelection(row); else chart.graph.clearSelection(); }
      chart.readout(row);
    }
    byId('window').textContent = row >= 0 ? 't = ' + seconds(times[row]) + ' s' : seconds(shown[0]) + ' to ' + seconds(shown[1]) + ' s';
    hovering = false;
  }
  const onSight = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { onSight.unobserve(entry.target); charts[+entry.target.dataset.chart].create(); }
  }, {rootMargin: '600px'});
  for (const group of data.groups) {
    const section = make('section', 'group'), grid = make('div', 'grid');
    section.append(make('h2', '', group.title), grid);
    const inner = make('div', 'grid'), count = group.quantities.filter((quantity) => quantity.inner).length;
    if (count) {
      const box = make('details', 'inner');
      box.append(make('summary', '', count + ' signals inside these devices'), inner);
      box.open = count === group.quantities.length;
      section.append(box);
    }
    for (const quantity of group.quantities) {
      const card = make('div', 'card');
      (quantity.inner ? inner : grid).append(card);
      card.dataset.chart = charts.length;
      charts.push(new Chart(quantity, card));
      onSight.observe(card);
    }
    byId('charts').append(section);
  }

  // ---- map
  const STOPS = [[0, [64, 0, 13]], [0.7, [191, 13, 26]], [0.9, [250, 158, 38]], [0.95, [191, 217, 115]], [1.0, [51, 158, 97]], [1.05, [77, 179, 191]], [1.1, [26, 102, 217]], [1.2, [64, 26, 140]]];
  function voltageColor(v) {
    let i = 1;
    while (i < STOPS.length - 1 && v > STOPS[i][0]) ++i;
    const [a, from] = STOPS[i - 1], [b, to] = STOPS[i], share = Math.max(0, Math.min(1, (v - a) / (b - a)));
    return 'rgb(' + from.map((c, k) => Math.round(c + share * (to[k] - c))).join(',') + ')';
  }
  let mapFrame = -1;
  const frameAt = (time) => { let k = 0; while (k + 1 < data.map.frames.length && data.map.frames[k + 1] <= time) ++k; return k; };
  const buses = data.map ? document.querySelectorAll('.map [data-bus]') : [];
  const voltages = data.map && data.map.voltages ? bytesOf(data.map.voltages) : null;
  const voltageOf = (bus) => {
    if (mapFrame < 0) return data.map.lowest ? data.map.lowest[bus] : null;
    const code = voltages[mapFrame * buses.length + bus];
    return code === 255 ? 'dead' : code === 254 ? null : code / 200;
  };
  function showMap(frame) {
    if (!data.map.lowest) return;
    mapFrame = voltages ? frame : -1;
    buses.forEach((node, bus) => {
      const v = voltageOf(bus);
      node.classList.toggle('dead', v === 'dead');
      node.style.fill = typeof v === 'number' ? voltageColor(v) : '';
    });
    byId('map-what').textContent = mapFrame < 0 ? 'lowest voltage of each bus over the run' : 'voltage at ' + data.map.frames[mapFrame].toFixed(3) + ' s';
    if (mapFrame >= 0) byId('map-time').value = mapFrame;
  }
  if (data.map) {
    buses.forEach((node, bus) => node.addEventListener('mouseenter', () => {
      const v = voltageOf(bus);
      byId('map-bus').textContent = data.map.labels[bus] + (v === 'dead' ? ', de-energised' : typeof v === 'number' ? ', ' + v.toFixed(3) + ' pu' : '');
    }));
    const slider = byId('map-time');
    if (data.map.frames.length > 1 && voltages) {
      slider.max = data.map.frames.length - 1;
      slider.addEventListener('input', () => showMap(+slider.value));
      byId('map-lowest').addEventListener('click', () => showMap(-1));
    } else slider.closest('.map-tools').hidden = true;
    for (const v of [0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1]) { const tick = make('i'); tick.style.background = voltageColor(v); tick.append(make('b', '', String(v))); byId('map-scale').append(tick); }
    showMap(-1);
  }

  // ---- start
  byId('event-filter').addEventListener('input', filterEvents);
  byId('event-more').addEventListener('click', () => renderEvents(rendered + PAGE));
  byId('back').addEventListener('click', () => { chosen = -1; markChosen(); setWindow(whole[0], whole[1]); if (data.map) showMap(-1); });
  for (const figure of document.querySelectorAll('.figures [data-time], #requirements [data-time], .envelope [data-time], .tree [data-time]')) figure.addEventListener('click', () => lookAt(+figure.dataset.time));
  addEventListener('resize', drawStrip);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const chart of charts) if (chart.graph) chart.graph.updateOptions({gridLineColor: style().getPropertyValue('--grid').trim()});
  });
  filterEvents();
  setWindow(whole[0], whole[1]);
})();
