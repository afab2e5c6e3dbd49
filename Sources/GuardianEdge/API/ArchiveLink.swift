import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianWire
import Logging
import NIOCore
import ServiceLifecycle

/// Reads the node's archive for the edge's API, over a connection that it keeps to the node.
public final class ArchiveLink: Service {
    private typealias Client = Guardian_V1_ArchiveService.Client<HTTP2ClientTransport.Posix>

    private let node: NodeTarget
    /// Of its own: downloads must not delay clips that are sent.
    private let connection: NodeConnection
    /// Time-out for the beginning of an answer.
    private let deadline: Duration
    private let logger: Logger
    /// How long the node must have been silent on a connection when a call fails, so that the connection is given up: a node
    /// that answers others, or sends what they download, is there.
    private static let silence: Duration = .seconds(1)

    public init(_ node: NodeTarget, deadline: Duration = .seconds(10), logger: Logger) {
        self.node = node
        self.deadline = deadline
        self.logger = logger
        connection = NodeConnection(node, backoff: nil, logger: logger)
    }

    /// Runs until it is cancelled or the process shuts down.
    ///
    /// - Throws: errors of reading the credentials.
    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            do { try await self.connection.run() } catch is CancellationError {}
        }
    }

    /// Returns the client of the connection and its number; waits a second for one that is being opened.
    ///
    /// - Throws: `unavailable` when there is none, for example because the credentials cannot be read.
    private func client() async throws -> (client: Client, number: Int64) {
        if let (client, number) = try await connection.current(within: .seconds(1)) {
            return (Client(wrapping: client), number)
        }
        throw GuardianError(
            .unavailable,
            "The archive at the node \(node.host):\(node.port) cannot be reached now; the System page says why.")
    }

    /// Returns the node's archive.
    ///
    /// - Parameter cameras: the edge's cameras, for their aliases in requests and answers.
    public func reading(cameras: CameraNames) -> ArchiveReading {
        ArchiveReading(
            list: { try await self.ask(.init($0, of: .clip, limit: $1, cursor: $2)).checkedClips() },
            clip: { clip in try await self.ask(.with { $0.clip = clip.description }).checkedClip() },
            content: { try await self.content($0) },
            pictures: { try await self.ask(.init($0, of: .snapshot, limit: $1, cursor: $2)).checkedPictures() },
            picture: { event in try await self.ask(.with { $0.event = event.description }).checkedPicture() },
            usage: { try ArchiveReport(try await self.ask { try await $0.boundedUsage(options: $1) }) },
            hold: { clip, isHeld in
                let request = Guardian_V1_HoldRequest.with {
                    $0.clip = clip.description
                    $0.held = isHeld
                }
                return try await self.ask { try await $0.boundedHold(request, options: $1) }.checkedClip()
            }, cameras: cameras)
    }

    private func ask(_ query: Guardian_V1_ArchiveQuery) async throws -> Guardian_V1_ArchivePage {
        try await ask { try await $0.boundedList(query, options: $1) }
    }

    private func ask<Answer: Sendable>(
        _ call: @escaping @Sendable (Client, CallOptions) async throws -> Answer
    ) async throws -> Answer {
        var options = CallOptions.defaults
        options.waitForReady = false
        options.timeout = deadline
        let (client, number) = try await client()
        do {
            let answer = try await bounded { [options] in try await call(client, options) }
            connection.noteReply(number)
            return answer
        } catch { throw failure(error, on: number) }
    }

    /// Requests one byte: the answer has the total size and shows that the object store has the item.
    private func content(_ item: SealedItem) async throws -> RemoteContent {
        var options = CallOptions.defaults
        options.waitForReady = false
        options.timeout = deadline
        let (client, number) = try await client()
        let head: FetchHead
        do {
            head = try await bounded { [options] in
                try await client.fetch(Guardian_V1_FetchRequest(item, 0..<1), options: options) { response in
                    for try await reply in response.messages { return try FetchHead(reply) }
                    throw GuardianError(.unavailable, "The node closed the stream without an answer.")
                }
            }
            connection.noteReply(number)
        } catch { throw failure(error, on: number) }
        let etag = head.etag ?? "\"\(item.name)-\(head.size)\""
        return RemoteContent(size: head.size, etag: etag, isGrowing: head.etag == nil) { [connection] range in
            { pipe in
                try await self.bounded {
                    try await client.fetch(Guardian_V1_FetchRequest(item, range)) { response in
                        var rest = range.count
                        for try await reply in response.messages where !reply.bytes.isEmpty {
                            // More would be taken for the beginning of the next answer on this connection.
                            connection.noteReply(number)
                            rest -= reply.bytes.count
                            guard rest >= 0 else {
                                throw GuardianError(.dataLoss, "The node sent more than was asked for.")
                            }
                            try await pipe.send(ByteBuffer(bytes: reply.bytes))
                        }
                    }
                }
            }
        }
    }

    /// A call that is cancelled must not keep whoever made it (`BoundedRun`).
    private func bounded<Answer: Sendable>(
        _ call: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await BoundedRun.nodeCall(logger: logger, call)
    }

    /// Returns the node's message, or that the node is unreachable. Then the connection is given up, unless the node replies
    /// to others on it: the next one reads the credentials anew.
    private func failure(_ error: any Error, on number: Int64) -> GuardianError {
        let failure = failure(error)
        if failure.code == .unavailable || failure.code == .deadlineExceeded {
            connection.abandonIfSilent(number, for: Self.silence)
        }
        return failure
    }

    private func failure(_ error: any Error) -> GuardianError {
        if let error = error as? GuardianError { return error }
        let failure = GuardianError.call(
            error, "The archive at the node \(node.host):\(node.port) cannot be reached now")
        guard let error = error as? RPCError, failure.code != .unavailable, failure.code != .deadlineExceeded else {
            return failure
        }
        return GuardianError(failure.code, PeerText.bounded(error.message, to: ArchiveLimits.text), cause: error)
    }
}

extension Guardian_V1_FetchRequest {
    fileprivate init(_ item: SealedItem, _ range: Range<Int64>) {
        self.init()
        switch item {
        case .part(let clip, let part):
            kind = .clip
            subject = clip.description
            self.part = UInt32(clamping: part)
        case .snapshot(let event):
            kind = .snapshot
            subject = event.description
        }
        offset = UInt64(range.lowerBound)
        length = UInt64(range.count)
    }
}

extension SealedItem {
    fileprivate var name: String {
        switch self {
        case .part(let clip, let part): "\(clip)-\(part)"
        case .snapshot(let event): "\(event)"
        }
    }
}
