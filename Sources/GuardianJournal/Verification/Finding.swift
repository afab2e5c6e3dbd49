/// What verification or `guardian doctor` found wrong, with its remedy.
public struct Finding: Hashable, Sendable, Codable {
    public enum Severity: String, Hashable, Sendable, Codable, CaseIterable {
        /// May resolve itself later, or does not affect evidence.
        case warning
        /// Something is lost, changed or unprovable.
        case error
    }

    /// What is wrong, in a sentence.
    public var what: String
    /// Where: a file, a chain and a sequence, a clip.
    public var `where`: String
    public var severity: Severity
    /// What to do about it.
    public var remedy: String

    public init(what: String, where place: String, severity: Severity, remedy: String) {
        self.what = what
        self.where = place
        self.severity = severity
        self.remedy = remedy
    }
}
