import GuardianCore
import Hummingbird
import Synchronization

/// One client's stream of events. Sends an event after each of its changes, and again when the node has acknowledged
/// it.
struct EventFeed: Sendable {
    let events: EventReading
    let status: (@Sendable () async -> StatusDigest?)?
    let pipe: Pipe<ByteBuffer>
    let seal: EventPositionSeal
    /// How often the undelivered events and the status are checked.
    var interval: Duration = .milliseconds(500)
    private let monotonic: any MonotonicClock
    private let undelivered = UndeliveredEvents()

    init(
        events: EventReading, status: (@Sendable () async -> StatusDigest?)?, pipe: Pipe<ByteBuffer>,
        seal: EventPositionSeal, monotonic: any MonotonicClock = SystemMonotonicClock()
    ) {
        self.events = events
        self.status = status
        self.pipe = pipe
        self.seal = seal
        self.monotonic = monotonic
    }

    /// Runs until it is cancelled or the client disconnects.
    func run(after position: Int64) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await events.changes(position) { position, ids in
                    try await send(ids, position: position)
                }
            }
            group.addTask {
                var lastSent = await status?()
                while true {
                    try await monotonic.sleep(for: interval)
                    try await sendDelivered()
                    guard let digest = await status?(), digest != lastSent else { continue }
                    lastSent = digest
                    try await pipe.send(ServerSentEvent(name: "status", id: nil, data: try JSON.encode(digest)).bytes)
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func send(_ ids: [EventID], position: Int64?) async throws {
        let known = try await events.events(ids)
        let views = try await events.views(of: ids.compactMap { known[$0] })
        for view in views {
            let id = try position.map(seal.id)
            if view.delivery.state == .waiting { undelivered.add(view.id) } else { undelivered.remove(view.id) }
            try await pipe.send(
                ServerSentEvent(name: "event", id: id, data: try JSON.encode(view)).bytes)
        }
    }

    /// Sends the events that the node has acknowledged since the last check, without an id: an acknowledgement is not a
    /// journal entry and has no position.
    private func sendDelivered() async throws {
        let ids = undelivered.all
        guard !ids.isEmpty else { return }
        let delivered = try await events.delivery(ids).filter { $0.value.state == .delivered }.map(\.key)
        guard !delivered.isEmpty else { return }
        try await send(delivered, position: nil)
    }
}

/// The newest events that were sent with delivery state `waiting`; at most 100.
private final class UndeliveredEvents: Sendable {
    private static let limit = 100
    private let ids = Mutex<[EventID]>([])

    var all: [EventID] { ids.withLock { $0 } }

    func add(_ id: EventID) {
        ids.withLock { ids in
            guard !ids.contains(id) else { return }
            ids.append(id)
            if ids.count > Self.limit { ids.removeFirst() }
        }
    }

    func remove(_ id: EventID) { ids.withLock { $0.removeAll { $0 == id } } }
}
