import GuardianCore

extension WeekTimes {
    static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Parses entries such as `mon-fri 18:00-08:00; sat,sun`. Entries are separated by semicolons. Each has days, then times;
    /// one of the two may be missing. Several days or times are separated by commas.
    ///
    /// - Throws: `invalidArgument` with a message that says what to write.
    public init(text: String) throws {
        spans = try text.split(separator: ";", omittingEmptySubsequences: false).flatMap { entry in
            try Self.spans(entry.split(whereSeparator: \.isWhitespace).map { $0.lowercased() })
        }
    }

    private static func spans(_ words: [String]) throws -> [Span] {
        guard !words.isEmpty, words.count <= 2 else {
            throw refusal("an entry is days, then times, such as mon-fri 08:00-18:00, with semicolons between entries")
        }
        let hasDays = words[0].first?.isLetter ?? false
        guard hasDays || words.count == 1 else {
            throw refusal("“\(words[0])” is where days are expected, such as mon-fri")
        }
        let days = hasDays ? try days(words[0]) : Set(0..<7)
        guard let times = hasDays ? words.dropFirst().first : words[0] else {
            return [Span(days: days, from: 0, to: 1_440)]
        }
        return try times.split(separator: ",", omittingEmptySubsequences: false).map { text in
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { minute($0) }
            guard ends.count == 2, let from = ends[0], let to = ends[1], from < 1_440 else {
                throw refusal("“\(text)” is no time range, such as 08:00-18:00")
            }
            guard from != to else {
                throw refusal("“\(text)” ends when it begins; the whole day is 00:00-24:00")
            }
            return Span(days: days, from: from, to: to)
        }
    }

    private static func days(_ text: String) throws -> Set<Int> {
        var found: Set<Int> = []
        for range in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = range.split(separator: "-", omittingEmptySubsequences: false).map {
                days.firstIndex(of: String($0))
            }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else {
                throw refusal(
                    "“\(range)” is no day or range of days; write \(days.joined(separator: ", ")), or such as mon-fri")
            }
            found.formUnion((0...(last - first + 7) % 7).map { (first + $0) % 7 })
        }
        return found
    }

    /// Minutes since midnight of `HH:MM`, up to 24:00.
    private static func minute(_ text: Substring) -> Int? {
        let words = text.split(separator: ":", omittingEmptySubsequences: false)
        guard words.count == 2,
            words.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isASCII) && $0.allSatisfy(\.isNumber) }),
            let hour = Int(words[0]), let minute = Int(words[1]), minute < 60, hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return hour * 60 + minute
    }

    private static func refusal(_ what: String) -> GuardianError { GuardianError(.invalidArgument, what) }
}
