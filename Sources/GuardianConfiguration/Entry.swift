import Yams

/// One key of a map, with the line on which it is written.
struct Entry {
    struct Problem: Error {
        var line: Int
        var text: String
    }

    /// Maps within maps that `<<` names.
    private static let deepestMerge = 16

    var value: Node
    var line: Int

    /// Returns a map's keys, and those of the maps that its key `<<` names (YAML's merge key): the map's own win, then those
    /// of the earlier map.
    static func entries(of mapping: Node.Mapping, depth: Int = 0) throws(Problem) -> [String: Entry] {
        var own: [String: Entry] = [:]
        var merged: [String: Entry] = [:]
        for (key, value) in mapping {
            let line = key.mark?.line ?? 1
            guard let scalar = key.scalar else { throw Problem(line: line, text: "a key must be a word") }
            guard scalar.string == "<<", scalar.style == .plain else {
                own[scalar.string] = Entry(value: value, line: line)
                continue
            }
            for map in try maps(value, line: line) {
                guard depth < deepestMerge else { throw Problem(line: line, text: "“<<” is nested too deep") }
                merged.merge(try entries(of: map, depth: depth + 1)) { first, _ in first }
            }
        }
        return own.merging(merged) { own, _ in own }
    }

    private static func maps(_ node: Node, line: Int) throws(Problem) -> [Node.Mapping] {
        var maps: [Node.Mapping] = []
        for item in node.sequence.map(Array.init) ?? [node] {
            guard let map = item.mapping else {
                throw Problem(line: line, text: "“<<” must name a map, such as *front, or a list of maps")
            }
            maps.append(map)
        }
        return maps
    }
}
