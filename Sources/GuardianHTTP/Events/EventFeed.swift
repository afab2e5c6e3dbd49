import GuardianCore
import Hummingbird
import Synchronization

/// One viewer's stream of events: each change as the event is now, and once more when the node has it.
struct EventFeed: Sendable {
    let events: EventReading
    let status: (@Sendable () async -> StatusDigest?)?
    let pipe: Pipe<ByteBuffer>
    /// How often the events that wait for the node, and the status, are looked at.
    var interval: Duration = .milliseconds(500)
    private let waiting = Waiting()

    init(events: EventReading, status: (@Sendable () async -> StatusDigest?)?, pipe: Pipe<ByteBuffer>) {
        self.events = events
        self.status = status
        self.pipe = pipe
    }

    /// Runs until it is cancelled or the viewer leaves.
    func run(after position: Int64) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await events.changes(position) { position, ids in
                    try await send(ids, position: position)
                }
            }
            group.addTask {
                var known = await status?()
                while true {
                    try await Task.sleep(for: interval)
                    try await sendDelivered()
                    guard let word = await status?(), word != known else { continue }
                    known = word
                    try await pipe.send(ServerSentEvent(name: "status", id: nil, data: try JSON.encode(word)).bytes)
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
            if view.delivery.state == .waiting { waiting.add(view.id) } else { waiting.remove(view.id) }
            try await pipe.send(
                ServerSentEvent(name: "event", id: position, data: try JSON.encode(view)).bytes)
        }
    }

    /// An acknowledgement is no entry of the journal: it goes out without an id.
    private func sendDelivered() async throws {
        let ids = waiting.all
        guard !ids.isEmpty else { return }
        let delivered = try await events.delivery(ids).filter { $0.value.state == .delivered }.map(\.key)
        guard !delivered.isEmpty else { return }
        try await send(delivered, position: nil)
    }
}

/// The newest events that were sent as waiting, a bounded number.
private final class Waiting: Sendable {
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
