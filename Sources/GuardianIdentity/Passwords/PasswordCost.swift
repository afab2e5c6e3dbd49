/// The cost of trying one password: Argon2id (RFC 9106) with one lane, which is all that libsodium has.
public struct PasswordCost: Hashable, Sendable {
    /// Passes over the memory.
    public var passes: Int
    /// KiB of memory.
    public var memory: Int

    public init(passes: Int, memory: Int) {
        self.passes = passes
        self.memory = memory
    }

    /// The least that OWASP's Password Storage Cheat Sheet recommends: 19 MiB and two passes.
    public static let floor = PasswordCost(passes: 2, memory: 19 * 1024)

    /// Whether a stored hash may ask for this cost. Ours never have more, and more would only keep the machine busy.
    package var isWithinLimits: Bool { (1...64).contains(passes) && (8...256 * 1024).contains(memory) }
}
