import Foundation
import GuardianWatch

/// Tests/Labels/campus.json: the position of each person over time, labelled by hand.
struct CampusLabels: Decodable {
    struct Visit: Decodable {
        var visit: Int
        var person: String
        var enters: Double
        var leaves: Double
    }

    struct Labelled: Decodable {
        var visit: Int
        /// Left, top, width, height in pixels.
        var box: [Double]
    }

    struct Frame: Decodable {
        var frame: Int
        var boxes: [Labelled]
    }

    var width: Double
    var ignored: [[Double]]
    var visits: [Visit]
    var frames: [Frame]

    static func read() throws -> CampusLabels {
        let place = Footage.checkout.appending(path: "Tests/Labels/campus.json")
        return try JSONDecoder().decode(CampusLabels.self, from: Data(contentsOf: place))
    }
}

/// How well an analysis agrees with the labels.
struct Agreement: CustomStringConvertible {
    var found = 0
    var missed = 0
    var wrong = 0
    /// Number of visits that have a track of their own.
    var own = 0
    var visits = 0
    /// Number of other tracks.
    var beyond = 0

    var recall: Double { Double(found) / Double(max(1, found + missed)) }
    var precision: Double { Double(found) / Double(max(1, found + wrong)) }

    var description: String {
        "recall \((recall * 1000).rounded() / 1000), precision \((precision * 1000).rounded() / 1000), "
            + "\(own) of \(visits) visits with an event of their own, \(beyond) beyond"
    }

    /// - Parameter mirrored: whether the footage was mirrored left to right; the labels are not.
    init(_ lines: [MOTLine], labels: CampusLabels, mirrored: Bool = false) {
        var byFrame: [Int: [(track: Int, box: [Double])]] = [:]
        for line in lines {
            let left = mirrored ? labels.width - line.left - line.width : line.left
            byFrame[line.frame, default: []].append((line.track, [left, line.top, line.width, line.height]))
        }
        var shared: [[Int]: Int] = [:]
        var total: [Int: Int] = [:]
        for frame in labels.frames {
            let seen = byFrame[frame.frame] ?? []
            for label in frame.boxes { total[label.visit, default: 0] += 1 }
            let pairs = Self.match(frame.boxes.map(\.box), seen.map(\.box))
            found += pairs.count
            missed += frame.boxes.count - pairs.count
            for (label, other) in pairs { shared[[frame.boxes[label].visit, seen[other].track], default: 0] += 1 }
            let matched = Set(pairs.map(\.1))
            wrong +=
                seen.indices.filter { index in
                    !matched.contains(index) && !labels.ignored.contains { Self.contains($0, seen[index].box) }
                }.count
        }
        visits = total.count
        var owners: Set<Int> = []
        var owned: Set<Int> = []
        for (pair, count) in shared.sorted(by: { $0.value != $1.value ? $0.value > $1.value : $0.key[0] < $1.key[0] }) {
            let (visit, track) = (pair[0], pair[1])
            guard !owners.contains(visit), !owned.contains(track), count * 10 >= (total[visit] ?? 0) * 3 else {
                continue
            }
            owners.insert(visit)
            owned.insert(track)
        }
        own = owners.count
        beyond = Set(lines.map(\.track)).count - own
    }

    private static func overlap(_ a: [Double], _ b: [Double]) -> Double {
        let width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        let height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        guard width > 0, height > 0 else { return 0 }
        return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)
    }

    private static func contains(_ area: [Double], _ box: [Double]) -> Bool {
        let (x, y) = (box[0] + box[2] / 2, box[1] + box[3] / 2)
        return x >= area[0] && x <= area[0] + area[2] && y >= area[1] && y <= area[1] + area[3]
    }

    /// Returns pairs in descending order of overlap, with at least 0.3.
    private static func match(_ labels: [[Double]], _ seen: [[Double]]) -> [(Int, Int)] {
        var candidates: [(overlap: Double, label: Int, seen: Int)] = []
        for label in labels.indices {
            for other in seen.indices {
                let overlap = overlap(labels[label], seen[other])
                if overlap >= 0.3 { candidates.append((overlap, label, other)) }
            }
        }
        var pairs: [(Int, Int)] = []
        for candidate in candidates.sorted(by: { ($0.overlap, $1.label) > ($1.overlap, $0.label) })
        where !pairs.contains(where: { $0.0 == candidate.label || $0.1 == candidate.seen }) {
            pairs.append((candidate.label, candidate.seen))
        }
        return pairs
    }
}
