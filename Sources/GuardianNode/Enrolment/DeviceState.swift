/// What a device may do at a node.
public enum DeviceState: String, CaseIterable, Hashable, Sendable, Codable {
    /// It asked, and an operator has not answered yet.
    case pending
    /// It may connect, and gets certificates.
    case accepted
    /// It may not connect, until it is accepted again.
    case locked
    /// It may never connect again: a replaced edge begins with a new key.
    case retired

    /// Returns the state after an operator's decision; `nil` when the device must stay what it is.
    public func after(_ decision: DeviceDecision) -> DeviceState? {
        switch (self, decision) {
        case (.retired, .retire): .retired
        case (.retired, _): nil
        case (_, .accept): .accepted
        case (_, .lock): .locked
        case (_, .retire): .retired
        }
    }
}

/// What an operator decides about a device.
public enum DeviceDecision: String, CaseIterable, Hashable, Sendable {
    case accept
    case lock
    case retire
}
