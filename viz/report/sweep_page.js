// The rest of the page: switches of outcomes, the worst scenarios, all figures, one scenario.
'use strict';
let shownRow = -1;

/// The command that runs a scenario in full, with a button that copies it.
function commandLine(row) {
  const box = make('span'), copy = make('button', 'copy', 'copy');
  box.append(make('code', '', commandOf(row)), copy);
  copy.type = 'button';
  copy.addEventListener('click', (e) => {
    e.stopPropagation();
    const area = make('textarea');  // a file opened from the disk has no clipboard interface
    area.value = commandOf(row);
    document.body.append(area); area.select(); document.execCommand('copy'); area.remove();
    copy.textContent = 'copied';
    setTimeout(() => { copy.textContent = 'copy'; }, 1200);
  });
  return box;
}
function fileLinks(row) {
  const box = make('span'), kept = files.get(row);
  if (!kept) return box;
  [['report', kept[2]], ['record', kept[1]]].forEach(([name, path]) => {
    if (!path) return;
    const link = make('a', '', name);
    link.setAttribute('href', path);
    link.addEventListener('click', (e) => e.stopPropagation());
    box.append(link, ' ');
  });
  return box;
}
function outcomeNode(outcome) {
  const node = make('span'), dot = make('span', 'dot');
  dot.style.background = colorOf(outcome);
  node.append(dot, data.outcomes[outcome].name);
  return node;
}

function showOne(row) {
  shownRow = row;
  const box = byId('one');
  box.textContent = ''; box.hidden = false;
  const head = make('h2', '', 'Scenario ' + numberOf(row)), close = make('button', '', 'Close');
  close.type = 'button';
  close.addEventListener('click', () => { box.hidden = true; shownRow = -1; plots.forEach((plot) => plot.render()); markWorst(); });
  head.append(close);
  const outcome = make('p');
  outcome.append(outcomeNode(outcomeOf[row]), ': ' + happened(row));
  const command = make('p');
  command.append(commandLine(row));
  const links = make('p');
  if (files.has(row)) links.append('Kept: ', fileLinks(row)); else { links.className = 'none'; links.textContent = 'No record was kept; the command makes one.'; }
  const table = make('table'), body = make('tbody');
  for (const c of columns) {
    if (c === scenarioColumn || c === outcomeColumn || (c === messageColumn && Number.isNaN(c.at(row)))) continue;
    const line = make('tr'), value = make('td', 'n' + (Number.isNaN(c.at(row)) ? ' none' : ''), c.text(row) + (c.unit && !Number.isNaN(c.at(row)) ? ' ' + c.unit : ''));
    if (!c.named && Number.isFinite(c.at(row))) value.title = String(c.at(row));
    if (c === messageColumn) value.className = '';
    line.append(make('td', '', c.name), value);
    line.title = c.meaning;
    body.append(line);
  }
  table.append(body);
  box.append(head, outcome, command, links, table);
  plots.forEach((plot) => plot.render());
  markWorst();
}

// ---- worst scenarios
const PAGE_ROWS = 25;
let listed = [], listedShown = 0;
function listWorst() {
  const by = byId('worst-by').value;
  if (by === '') {
    listed = [...worstFirst].filter((k) => chosen[k]);
  } else {
    const c = column(by.slice(1)), sign = by[0] === '+' ? 1 : -1;
    listed = Array.from({length: rows}, (_, k) => k).filter((k) => chosen[k] && !Number.isNaN(c.at(k))).sort((a, b) => sign * (c.at(a) - c.at(b)) || a - b);
  }
  byId('worst').tBodies[0].textContent = '';
  listedShown = 0;
  const heads = byId('worst').tHead.rows[0];
  heads.textContent = '';
  const figure = by ? column(by.slice(1)) : null;
  for (const name of ['Scenario', ...axes.map((a) => a.title), ...(figure ? [figure.title] : []), 'Outcome', 'What happened', 'In full', 'Kept']) heads.append(make('th', name === 'Scenario' ? 'n' : '', name));
  moreWorst();
  byId('worst-count').textContent = listed.length + (isAll() ? '' : ' chosen') + (by ? ' with the figure' : '');
}
function moreWorst() {
  const by = byId('worst-by').value, figure = by ? column(by.slice(1)) : null;
  for (const end = Math.min(listed.length, listedShown + PAGE_ROWS); listedShown < end; ++listedShown) {
    const row = listed[listedShown], line = make('tr');
    line.dataset.row = row;
    line.append(make('td', 'n', String(numberOf(row))));
    for (const a of axes) line.append(make('td', a.named ? '' : 'n', a.text(row)));
    if (figure) line.append(make('td', 'n', figure.text(row)));
    const outcome = make('td', 'outcome'), command = make('td'), links = make('td');
    outcome.append(outcomeNode(outcomeOf[row]));
    command.append(commandLine(row));
    links.append(fileLinks(row));
    line.append(outcome, make('td', 'what', happened(row)), command, links);
    line.addEventListener('click', () => showOne(row));
    byId('worst').tBodies[0].append(line);
  }
  const more = byId('worst-more'), left = listed.length - listedShown;
  more.hidden = left === 0;
  more.textContent = 'Show ' + Math.min(left, PAGE_ROWS) + ' more of ' + left;
  markWorst();
}
function markWorst() {
  for (const line of byId('worst').tBodies[0].rows) line.classList.toggle('chosen', +line.dataset.row === shownRow);
}

// ---- all figures
const everyRow = [...document.querySelectorAll('#every tr[data-figure]')].map((node, k) => ({node, c: figures[k], whole: [...node.cells].map((cell) => cell.textContent)}));
function refreshEvery() {
  byId('figures-count').textContent = isAll() ? 'of all ' + data.all + ' scenarios' : 'of the ' + chosenCount + ' chosen scenarios';
  for (const {node, c, whole} of everyRow) {
    const cells = node.cells;
    if (isAll()) {
      for (let k = 2; k < 9; ++k) cells[k].textContent = whole[k];
    } else {
      const sorted = sortedChosen(c.values), n = sorted.length;
      cells[2].textContent = n; cells[3].textContent = chosenCount - n;
      [0, 0.05, 0.5, 0.95, 1].forEach((p, k) => { cells[4 + k].textContent = n ? shown(percentile(sorted, p)) : ''; });
    }
    cells[3].classList.toggle('absent', cells[3].textContent !== '0');
  }
}
function startEvery() {
  for (const {node, c} of everyRow) {
    const cell = node.querySelector('.spark');
    new Plot(cell, 22, (canvas, w, h) => { const bars = histogram(c, 30); if (bars) drawBars(canvas, bars, {x: 0, y: 1, w: Math.min(w, 150), h: h - 2}); });
    node.addEventListener('click', () => {
      for (const other of everyRow) other.node.classList.toggle('chosen', other.node === node);
      take(byId('spread-figure'), c.name); take(byId('scatter-y'), c.name); take(byId('heat-figure'), c.name);
      byId('spread').closest('.pair').scrollIntoView({behavior: 'smooth', block: 'center'});
    });
  }
  listeners.push(refreshEvery);
  refreshEvery();
}

// ---- switches and start
function refreshChoice() {
  byId('choice').textContent = isAll() ? (data.rows < data.all ? rows + ' of ' + data.all : rows === 1 ? '1' : 'all ' + rows) + (rows === 1 ? ' scenario' : ' scenarios') : chosenCount + ' of ' + rows + ' scenarios chosen';
  byId('clear').hidden = isAll();
  for (const chip of document.querySelectorAll('.chip')) chip.classList.toggle('off', switchedOff.has(+chip.dataset.outcome));
}
for (const chip of document.querySelectorAll('.chip')) {
  const outcome = +chip.dataset.outcome;
  const picture = make('canvas');
  picture.width = picture.height = 24;
  const canvas = picture.getContext('2d');
  canvas.scale(2, 2); canvas.fillStyle = canvas.strokeStyle = colorOf(outcome);
  mark(canvas, lookOf(outcome)[1], 6, 6, 4.4);
  chip.prepend(picture);
  chip.title = 'Leave these scenarios out, or take them in again';
  chip.addEventListener('click', () => { if (!switchedOff.delete(outcome)) switchedOff.add(outcome); choose(); });
}
byId('clear').addEventListener('click', () => { brushes.clear(); switchedOff.clear(); choose(); });
for (const node of document.querySelectorAll('.figures [data-scenario]')) {
  node.style.cursor = 'pointer';
  node.addEventListener('click', () => { for (let k = 0; k < rows; ++k) if (numberOf(k) === +node.dataset.scenario) { showOne(k); break; } });
}
addEventListener('keydown', (e) => { if (e.key === 'Escape' && shownRow >= 0) byId('one').querySelector('button').click(); });
startHeats();
scatter.start();
spread.start();
parallel.start();
fillSelect(byId('worst-by'), [['', 'outcome, then rotor angle'], ...figures.flatMap((c) => [['+' + c.name, 'least ' + c.title], ['-' + c.name, 'most ' + c.title]])], '', listWorst);
byId('worst-more').addEventListener('click', moreWorst);
let listWaiting = 0;
listeners.push(() => { cancelAnimationFrame(listWaiting); listWaiting = requestAnimationFrame(listWorst); });
listeners.push(refreshChoice);
listWorst();
startEvery();
refreshChoice();
