/// The name with the fewest letters changed, if it is near enough to be meant.
package func nearestName(to name: String, among candidates: [String]) -> String? {
  let nearest = candidates.map { (name: $0, distance: editDistance(name, $0)) }.min { $0.distance < $1.distance }
  guard let nearest, nearest.distance <= max(2, name.utf8.count / 3) else { return nil }
  return nearest.name
}

private func editDistance(_ left: String, _ right: String) -> Int {
  let left = Array(left.utf8.prefix(100))
  let right = Array(right.utf8.prefix(100))
  var row = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, b) in right.enumerated() {
      let cost = min(row[j] + 1, row[j + 1] + 1, diagonal + (a == b ? 0 : 1))
      diagonal = row[j + 1]
      row[j + 1] = cost
    }
  }
  return row[right.count]
}
