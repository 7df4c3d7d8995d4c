// Draws pacing-arrivals.svg and pacing-gaps.svg into the folder given; the data comes on standard input.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as echarts from 'echarts';

const [folder] = process.argv.slice(2);
const { rate, systems } = JSON.parse(readFileSync(0, 'utf8'));
const colors = ['#0b6e4f', '#c84630', '#e39e21', '#5b5f97', '#8d6a9f', '#6b7280'];
const text = { color: '#1f2937', fontFamily: 'sans-serif' };

function svg({ width, height }, option) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, backgroundColor: '#ffffff', textStyle: text, ...option });
  const drawn = chart.renderToSVGString();
  chart.dispose();
  return drawn;
}

const dashedAt = (place) => ({
  silent: true,
  symbol: 'none',
  label: { show: false },
  lineStyle: { color: '#111827', type: 'dashed' },
  data: [place],
});

/** One strip per system, all with the same scale, so that a burst shows as what it is. */
function arrivals() {
  const [strip, top, gap] = [86, 64, 44];
  const fair = rate / 10;
  const most = Math.max(fair, ...systems.flatMap(({ counts }) => counts));
  const height = top + systems.length * (strip + gap);
  const each = (make) => systems.map((system, index) => make(system, index));
  return svg(
    { width: 900, height },
    {
      title: [
        { text: `Arrivals in each 100 ms at ${rate} calls/s`, subtext: `dashed: the fair share, ${fair}`, left: 12, top: 8 },
        ...each(({ name }, i) => ({
          text: name,
          left: 60,
          top: top + i * (strip + gap) - 4,
          textStyle: { fontSize: 12, color: colors[i % colors.length] },
        })),
      ],
      grid: each((_, i) => ({ left: 60, right: 24, top: top + 18 + i * (strip + gap), height: strip })),
      xAxis: each(({ counts }, i) => ({
        type: 'category',
        gridIndex: i,
        data: counts.map((_, at) => (at / 10).toFixed(1)),
        axisLabel: { show: i === systems.length - 1, interval: 9, formatter: '{value} s' },
        axisTick: { show: false },
      })),
      yAxis: each((_, i) => ({ type: 'value', gridIndex: i, min: 0, max: most, splitNumber: 2 })),
      series: each(({ counts }, i) => ({
        type: 'bar',
        xAxisIndex: i,
        yAxisIndex: i,
        data: counts,
        itemStyle: { color: colors[i % colors.length] },
        markLine: dashedAt({ yAxis: fair }),
      })),
    },
  );
}

/** The share of gaps that are no longer than x: the ideal is a step at the period. */
function gaps() {
  const least = 0.01;
  const period = 1_000 / rate;
  return svg(
    { width: 900, height: 460 },
    {
      title: {
        text: `Gaps between arrivals at ${rate} calls/s`,
        subtext: `share of gaps no longer than x; dashed: the period, ${period} ms`,
        left: 12,
        top: 8,
      },
      legend: { right: 12, top: 'middle', orient: 'vertical', itemGap: 14, data: systems.map(({ name }) => name) },
      grid: { left: 60, right: 240, top: 72, bottom: 44 },
      xAxis: { type: 'log', name: 'ms', min: least, max: 1_000, logBase: 10 },
      yAxis: { type: 'value', min: 0, max: 1 },
      series: systems.map(({ name, gaps: values }, i) => ({
        name,
        type: 'line',
        showSymbol: false,
        color: colors[i % colors.length],
        lineStyle: { width: i === 0 ? 3 : 1.5 },
        data: values.map((value, at) => [Math.max(least, value), at / (values.length - 1)]),
        ...(i === 0 ? { markLine: dashedAt({ xAxis: period }) } : {}),
      })),
    },
  );
}

writeFileSync(join(folder, 'pacing-arrivals.svg'), arrivals());
writeFileSync(join(folder, 'pacing-gaps.svg'), gaps());
