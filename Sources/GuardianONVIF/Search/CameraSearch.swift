import GuardianCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Looks for ONVIF cameras in the networks of this machine.
public struct CameraSearch: Sendable {
    /// When probes are sent, from the beginning. Datagrams get lost, and cameras answer up to half a second late
    /// (WS-Discovery, 2.4).
    package static let probes: [Duration] = [.zero, .milliseconds(300), .seconds(1)]

    private let rules: AddressRules
    private let clock: any MonotonicClock
    private let randomness: Randomness
    private let logger: Logger

    public init(
        rules: AddressRules = AddressRules(), clock: any MonotonicClock = SystemMonotonicClock(),
        randomness: Randomness = .system, logger: Logger
    ) {
        self.rules = rules
        self.clock = clock
        self.randomness = randomness
        self.logger = logger
    }

    /// Searches for a time, and returns each camera once, as soon as it has answered. The stream ends with the search, and the
    /// search with the stream. It holds all cameras that a search can find, so none is dropped.
    ///
    /// The stream throws `failedPrecondition` when this machine has no interface that can be searched, `unavailable` when
    /// none of them could be used.
    public func cameras(for window: Duration = .seconds(4)) -> AsyncThrowingStream<FoundCamera, any Error> {
        AsyncThrowingStream(bufferingPolicy: .bufferingOldest(SearchAnswers.cameraLimit)) { continuation in
            let search = Task {
                do {
                    try await run(window) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in search.cancel() }
        }
    }

    private func run(_ window: Duration, _ found: @escaping @Sendable (FoundCamera) -> Void) async throws {
        let interfaces = try SearchInterface.all(rules)
        guard !interfaces.isEmpty else {
            throw GuardianError(
                .failedPrecondition,
                "This machine has no network to search: connect it to the cameras' network, or give a camera's address."
            )
        }
        let answers = Collection(rules: rules)
        let end = clock.now() + window
        let failures = try await withThrowingTaskGroup(of: (any Error)?.self) { group in
            for interface in interfaces {
                group.addTask { await failure(of: interface, answers, found) }
            }
            group.addTask {
                try? await clock.sleep(until: end)
                return nil
            }
            var failures: [any Error] = []
            // Interfaces end before the clock only when they fail.
            while let ended = try await group.next() {
                guard let failure = ended else { break }
                failures.append(failure)
                if failures.count == interfaces.count { break }
            }
            group.cancelAll()
            return failures
        }
        try Task.checkCancellation()
        for camera in answers.finish() { found(camera) }
        if answers.ignored > 0 {
            logger.notice("answers to the camera search ignored", metadata: ["count": "\(answers.ignored)"])
        }
        if failures.count == interfaces.count, let first = failures.first {
            throw GuardianError(
                .unavailable, "No network of this machine can be searched: check that it is connected.", cause: first)
        }
    }

    /// Searches from one interface until the task is cancelled; returns why it cannot, `nil` when it was cancelled.
    private func failure(
        of interface: SearchInterface, _ answers: Collection, _ found: @escaping @Sendable (FoundCamera) -> Void
    ) async -> (any Error)? {
        do {
            try await search(interface, answers, found)
            return nil
        } catch {
            guard !Task.isCancelled else { return nil }
            logger.debug(
                "network cannot be searched for cameras",
                metadata: ["interface": "\(interface.name)", "address": "\(interface.address)", "reason": "\(error)"])
            return error
        }
    }

    private func search(
        _ interface: SearchInterface, _ answers: Collection, _ found: @escaping @Sendable (FoundCamera) -> Void
    ) async throws {
        typealias Datagram = AddressedEnvelope<ByteBuffer>
        // One byte more than is read, so that a datagram that is too long is seen to be.
        let allocator = FixedSizeRecvByteBufferAllocator(capacity: ProbeMatch.datagramLimit + 1)
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.recvAllocator, value: allocator)
            .bind(to: interface.address) { channel in
                interface.configure(channel).flatMapThrowing {
                    try NIOAsyncChannel<Datagram, Datagram>(wrappingChannelSynchronously: channel)
                }
            }
        try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let start = clock.now()
                group.addTask {
                    for delay in Self.probes {
                        try await clock.sleep(until: start + delay)
                        for kind in Probe.Kind.allCases {
                            let probe = Probe(kind, randomness)
                            answers.expect(probe.identifier)
                            let data = ByteBuffer(string: probe.message)
                            try await outbound.write(Datagram(remoteAddress: interface.group, data: data))
                        }
                    }
                }
                group.addTask {
                    for try await datagram in inbound {
                        guard let source = IPAddress(datagram.remoteAddress) else { continue }
                        for camera in answers.add(Array(datagram.data.readableBytesView), from: source) {
                            found(camera)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// What the interfaces' tasks share.
    private final class Collection: Sendable {
        private let state: Mutex<(answers: SearchAnswers, probes: Set<String>)>

        init(rules: AddressRules) { state = Mutex((SearchAnswers(rules: rules), [])) }

        var ignored: Int { state.withLock { $0.answers.ignored } }

        func expect(_ probe: String) { state.withLock { _ = $0.probes.insert(probe) } }

        func add(_ datagram: [UInt8], from source: IPAddress) -> [FoundCamera] {
            state.withLock { $0.answers.add(datagram, from: source, to: $0.probes) }
        }

        func finish() -> [FoundCamera] { state.withLock { $0.answers.finish() } }
    }
}
