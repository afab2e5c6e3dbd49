import GuardianCore

/// The owner's wish for an event: its clips are to be kept, or no longer. The newest entry counts.
public struct Keep: Hashable, Sendable {
    public var event: EventID
    public var isKept: Bool

    public init(event: EventID, isKept: Bool) {
        self.event = event
        self.isKept = isKept
    }
}

extension Keep {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("event")
            json.string(event.description)
            json.member("kept")
            json.integer(isKept ? 1 : 0)
        }
    }

    init(journal node: JSONNode) throws {
        self.init(
            event: try node.required("event").identifier(),
            isKept: try node.required("kept").integer(in: 0...1) == 1)
    }
}
