/// Patterns of keys and digits that need no dictionary: runs, repetitions, and dates.
enum KeyPattern {
    /// Bits of a run, such as `qwertz`, `4321` or `aaaa`: where it begins and how it goes on.
    private static let run = 5.0

    /// Bits of one character that belongs to no pattern.
    static func cost(of character: Character) -> Double {
        if character.isASCII {
            if character.isNumber { return 3.3 }
            // What people add who are asked for a sign.
            if character == "!" { return 2 }
            return character.isLetter ? 4.7 : 4
        }
        return 7
    }

    /// Whether three characters or more follow one another in the alphabet, in counting, or on a keyboard, each beside the one before.
    static func isRun(_ text: [Character]) -> Bool {
        guard text.count >= 3 else { return false }
        return isSequence(text)
            || keyboards.contains { keyboard in
                zip(text, text.dropFirst()).allSatisfy { keyboard.areNeighbours($0, $1) }
            }
    }

    /// Whether characters follow one another in the alphabet or in counting, one by one or every second one, or are the same.
    private static func isSequence(_ text: [Character]) -> Bool {
        let steps = zip(text, text.dropFirst()).map { step(from: $0, to: $1) }
        guard let first = steps.first.flatMap(\.self), abs(first) <= 2 else { return false }
        return steps.allSatisfy { $0 == first }
    }

    /// Bits of a run: more where it turns, but not more with each turn, because people turn in the same way again and again.
    static func cost(of text: [Character]) -> Double {
        guard text.count >= 3 else { return text.reduce(0) { $0 + cost(of: $1) } }
        if isSequence(text) { return run }
        let turns = keyboards.compactMap { $0.turns(in: text) }.min() ?? 0
        return run + Double(min(turns, 5))
    }

    /// The unit of which a text is two repetitions or more, the last of which may be cut off; `nil` when there is none.
    static func repeatedUnit(of text: [Character]) -> [Character]? {
        guard text.count >= 2 else { return nil }
        let unit = (1...text.count / 2).first { size in
            (size..<text.count).allSatisfy { text[$0] == text[$0 - size] }
        }
        return unit.map { Array(text.prefix($0)) }
    }

    /// The two runs of which a text takes turns, as in `a1b2c3d4`; `nil` when it does not.
    static func interleaved(_ text: [Character]) -> [[Character]]? {
        let halves = [0, 1].map { start in stride(from: start, to: text.count, by: 2).map { text[$0] } }
        return halves.allSatisfy(isRun) ? halves : nil
    }

    /// Bits of a year, or of a day with its year, in the orders that people write: `1987`, `24121987`, `19871224`; `nil` for no date.
    static func costOfDate(_ text: [Character]) -> Double? {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(String(text)) else { return nil }
        switch text.count {
        case 4 where isYear(number): return 7
        case 8:
            let isLast = isYear(number % 10_000) && isDay(number / 1_000_000, number / 10_000 % 100)
            let isFirst = isYear(number / 10_000) && isDay(number / 100 % 100, number % 100)
            return isLast || isFirst ? 16 : nil
        default: return nil
        }
    }

    private static func isYear(_ number: Int) -> Bool { (1900...2049).contains(number) }

    private static func isDay(_ first: Int, _ second: Int) -> Bool {
        (1...12).contains(first) && (1...31).contains(second) || (1...31).contains(first) && (1...12).contains(second)
    }

    /// How far a letter is from another in the alphabet, or a digit in counting, where 0 follows 9; `nil` for anything else.
    private static func step(from first: Character, to second: Character) -> Int? {
        guard let start = first.asciiValue, let end = second.asciiValue else { return nil }
        let step = Int(end) - Int(start)
        if first.isNumber && second.isNumber { return step == -9 ? 1 : step == 9 ? -1 : step }
        return first.isLetter && second.isLetter || step == 0 ? step : nil
    }

    private static let keyboards = [
        Keyboard(["1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"]),
        Keyboard(["1234567890ß´", "qwertzuiopü+", "asdfghjklöä#", "yxcvbnm,.-"]),
        Keyboard(["&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù*", "wxcvbn,;:!"]),
        Keyboard(["1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"]),
        // With the shift key.
        Keyboard(["!@#$%^&*()_+", "qwertyuiop{}", "asdfghjkl:\"", "zxcvbnm<>?"]),
        // The keys of digits beside the others, and those of a telephone.
        Keyboard(["789", "456", "123", "000"]), Keyboard(["123", "456", "789", "*0#"]),
    ]
}

/// Where the keys of a keyboard are.
private struct Keyboard: Sendable {
    private let places: [Character: (row: Int, column: Int)]

    init(_ rows: [String]) {
        var places: [Character: (row: Int, column: Int)] = [:]
        for (row, keys) in rows.enumerated() {
            for (column, key) in keys.enumerated() where places[key] == nil { places[key] = (row, column) }
        }
        self.places = places
    }

    /// Whether two keys are the same or touch: each row is shifted by half a key.
    func areNeighbours(_ first: Character, _ second: Character) -> Bool {
        guard let direction = direction(first, second) else { return false }
        return abs(direction.row) <= 1 && abs(direction.column) <= 1
    }

    /// How often a way from key to key changes its direction; `nil` for what has other keys.
    func turns(in text: [Character]) -> Int? {
        let ways = zip(text, text.dropFirst()).compactMap { direction($0, $1) }
        guard ways.count == text.count - 1 else { return nil }
        return zip(ways, ways.dropFirst()).count { $0 != $1 }
    }

    private func direction(_ first: Character, _ second: Character) -> (row: Int, column: Int)? {
        guard let from = places[first], let to = places[second] else { return nil }
        return (to.row - from.row, to.column - from.column)
    }
}
