import GuardianConfiguration

extension ConfigurationSection {
    /// Whether it is a node's configuration, and not a recorder's: only nodes have these keys, and each has one of them.
    var isNode: Bool { has("grpc") || has("enrolment") }
}
