import GuardianCore

extension EdgeSettingsStore {
    /// Whether the node may fetch recordings for people who watch there. Pictures pass through the node, so none may until an owner says
    /// so, of this node: what was allowed to another one counts no more.
    package nonisolated var allowsRelay: Bool {
        guard let node else { return false }
        return fixedRelay ?? (stored.withLock { $0.relay } == node)
    }

    /// Refuses what `changeRelay` would refuse.
    ///
    /// - Throws: `invalidArgument` whose context names the field.
    package nonisolated func checkRelay(_ isAllowed: Bool) throws {
        guard isAllowed != allowsRelay else { return }
        if fixedRelay != nil {
            throw Self.refusal("The configuration file sets this: change it there, and restart Guardian.")
        }
        if node == nil { throw Self.refusal("The recorder has no node: enter the code of one first.") }
    }

    private static func refusal(_ message: String) -> GuardianError {
        GuardianError(.invalidArgument, message, context: ["field": "node.relay"])
    }

    /// - Parameter record: is called before it is changed; not called when nothing is.
    /// - Throws: what `checkRelay` throws, `resourceExhausted` when the change cannot be written, and
    ///   what `record` throws; then nothing has changed.
    package func changeRelay(_ isAllowed: Bool, record: @Sendable () async throws -> Void) async throws {
        try checkRelay(isAllowed)
        guard isAllowed != allowsRelay else { return }
        try await record()
        try save { $0.relay = isAllowed ? node : nil }
        relayChanges.increment()
    }

    /// Waits until recordings may be passed on, or may not.
    ///
    /// - Throws: `CancellationError`.
    package nonisolated func untilRelay(isAllowed: Bool) async throws {
        while true {
            let seen = relayChanges.value
            if allowsRelay == isAllowed { return }
            try await relayChanges.wait(beyond: seen)
        }
    }
}
