// Curves of many points, as few.

export const kMostPoints = 4096;

/// Of neighbours, the one that stands out more stays, so that peaks are not lost.
export function thinned(points: [number, number][]): [number, number][] {
  if (points.length <= kMostPoints) return points;
  const kept: [number, number][] = [points[0]!];
  for (let i = 1; i + 1 < points.length; i += 2) {
    const y = kept[kept.length - 1]![1];
    kept.push(Math.abs(points[i]![1] - y) >= Math.abs(points[i + 1]![1] - y) ? points[i]! : points[i + 1]!);
  }
  kept.push(points[points.length - 1]!);
  return kept;
}
