import Foundation

/// Tells how few guesses find a password: what people make of a common word or of a name, with digits and signs before or behind it, of
/// neighbouring keys, sequences, repetitions and dates. Programs that guess try these first.
///
/// A password is covered by pieces, each with the number of guesses that finds it as a power of two (bits); the cheapest cover counts. What no
/// piece covers costs as much as random characters. Passwords of several unrelated words are far beyond the limit.
struct EasyPasswords: Sendable {
    /// Bits up to which a password is refused: a common word (11), a year and an exclamation mark. That is a million guesses.
    static let limit = 20.0
    /// Longer passwords are looked at for repetitions only.
    private static let longest = 40

    /// The words of the product and of what it is for (OWASP ASVS 5.0, V6.1.2): whoever tries passwords at a recorder begins with them.
    static let ofProduct: Set<String> = [
        "guardian", "camera", "cameras", "cam", "cams", "recorder", "record", "recording", "edge", "node", "archive",
        "event", "events", "clip",
        "clips", "live", "watch", "motion", "owner", "member", "viewer", "admin", "administrator", "root", "user",
        "guest", "login", "password",
        "passwort", "kamera", "kameras", "video", "cctv", "nvr", "dvr", "onvif", "rtsp", "security", "surveillance",
        "alarm", "home", "house",
        "local", "localhost", "server",
    ]

    /// The same, and the names of whoever has the password and of the machine.
    private let own: Set<String>

    /// - Parameter names: each word of them counts, if it has at least three letters, and all of them without what is between.
    init(names: [String] = []) {
        let pieces = names.flatMap { name -> [String] in
            let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
            return words + [words.joined(), name.lowercased()]
        }
        own = Self.ofProduct.union(pieces.filter { $0.count >= 3 })
    }

    /// Whether a password of which accents are composed is found with few guesses.
    func contain(_ password: String) -> Bool { bits(of: Array(password.lowercased())) <= Self.limit }

    /// The guesses, as a power of two, that find a text by the cheapest cover.
    func bits(of text: [Character]) -> Double {
        if let unit = KeyPattern.repeatedUnit(of: text) { return bits(of: unit) + 1 }
        guard text.count <= Self.longest else { return .infinity }
        if let halves = KeyPattern.interleaved(text) { return halves.reduce(2) { $0 + KeyPattern.cost(of: $1) } }
        // Of the first characters, however many.
        var cheapest = [0.0]
        for end in text.indices.map({ $0 + 1 }) {
            cheapest.append((0..<end).map { cheapest[$0] + cost(of: text[$0..<end]) }.min() ?? .infinity)
        }
        return cheapest.last ?? 0
    }

    /// The cost of one piece; infinite for what is none.
    private func cost(of piece: ArraySlice<Character>) -> Double {
        if piece.count == 1, let character = piece.first { return KeyPattern.cost(of: character) }
        let characters = Array(piece)
        if KeyPattern.isRun(characters) { return KeyPattern.cost(of: characters) }
        if let date = KeyPattern.costOfDate(characters) { return date }
        guard characters.count >= 3 else { return .infinity }
        let text = String(characters)
        if own.contains(text) { return 4 }
        if CommonWords.contain(text) { return CommonWords.bits }
        let plain = CommonWords.plain(characters)
        if plain.contains(where: own.contains) { return 5 }
        return plain.contains(where: CommonWords.contain) ? CommonWords.bits + 1 : .infinity
    }
}
