import Foundation
import GuardianCore
import GuardianMedia
import Logging

extension StreamFeed {
    /// The body of the camera's thread.
    func readUntilInterrupted(_ interruption: Interruption) {
        var failures = 0
        var end: Int64 = -1
        while !interruption.wasInterrupted {
            let source = settings.source(
                address, audio: settings.audio && isRecorded, timelineOffset: max(elapsed, end + 1), clock: clock,
                interruption: interruption)
            do {
                let received = try read(source, &end)
                if received { failures = 0 }
                fail(GuardianError(.unavailable, "The camera ended the stream."))
            } catch {
                if interruption.wasInterrupted { break }
                // A connection that gave pictures was a good one: the next failure is the first again.
                if state.withLock({ $0.isLive }) { failures = 0 }
                fail(.wrap(error, "Reading the camera's stream failed."))
            }
            source.close()
            failures += 1
            let wait = settings.backoff.delay(after: failures)
            interruption.wait(until: .now + wait)
        }
    }

    /// Reads one connection to its end. `end` becomes the time behind the last packet.
    private func read(_ source: any VideoSource, _ end: inout Int64) throws -> Bool {
        let stream = try source.open()
        defer { source.close() }
        try check(stream)
        if !source.droppedStreams.isEmpty {
            logger.notice(
                "the camera sends more than is recorded",
                metadata: ["camera": "\(name)", "dropped": "\(source.droppedStreams.joined(separator: ", "))"])
        }
        var announced: StreamDescription? = stream
        var received = false
        while let item = try source.next() {
            switch item {
            case .changed(let stream):
                try check(stream)
                logger.notice(
                    "the camera's picture changed",
                    metadata: ["camera": "\(name)", "size": "\(stream.width)x\(stream.height)"])
                announced = stream
            case .packet(let packet):
                end = max(end, packet.dts + packet.duration)
                guard received || (packet.kind == .video && packet.isKeyframe) else { continue }
                publish(packet, announced, isFirst: !received, zeroTime: source.zeroTime)
                announced = nil
                received = true
            }
        }
        return received
    }

    private func check(_ stream: StreamDescription) throws {
        guard isRecorded, !stream.codec.isRecordable else { return }
        throw GuardianError(
            .failedPrecondition,
            "The camera sends \(stream.codec.name), which cannot be recorded as it comes. Set it to H.264 or H.265.")
    }

    private func publish(_ packet: Packet, _ stream: StreamDescription?, isFirst: Bool, zeroTime: Timestamp?) {
        let readers = state.withLock { state -> [PacketSubscription] in
            if isFirst { begin(&state, packet) }
            if let stream {
                state.stream = stream
                state.ring.removeAll()
                state.health.codec = stream.codec.name
                (state.health.width, state.health.height) = (stream.width, stream.height)
            }
            state.ring.append(packet)
            state.anchor.update(mediaTime: packet.mediaTime, arrival: packet.arrival, zeroTime: zeroTime)
            state.meter.count(bytes: packet.byteCount, isPicture: packet.kind == .video, second: second)
            state.health.lastPacketAt = packet.arrival
            state.health.missingPackets += packet.missingBefore
            // Within the lock: a reader that comes at this moment gets this packet from the ring or from here, not both.
            return deliver(&state) { reader in
                if let stream { reader.offer(.stream(stream)) }
                reader.offer(.packet(packet))
            }
        }
        // Letting go of the last reference outside the lock: that ends the subscription, which takes the lock.
        withExtendedLifetime(readers) {}
    }

    private func begin(_ state: inout State, _ packet: Packet) {
        state.isLive = true
        state.anchor.begin(mediaTime: packet.mediaTime, arrival: packet.arrival)
        if state.health.lastPacketAt != nil { state.health.reconnects += 1 }
        change(&state, to: .live)
        logger.info("the camera is there", metadata: ["camera": "\(name)"])
    }

    private func fail(_ error: GuardianError) {
        let readers = state.withLock { state -> [PacketSubscription] in
            let isNews = state.health.state != .lost || state.health.lastFailure != error.message
            state.health.lastFailure = error.message
            if isNews {
                logger.warning(
                    "the camera is lost", metadata: ["camera": "\(name)", "reason": "\(error.message)"])
            }
            change(&state, to: .lost)
            guard state.isLive else { return [] }
            state.isLive = false
            state.ring.removeAll()
            return deliver(&state) { $0.offer(.lost) }
        }
        withExtendedLifetime(readers) {}
    }

    private func change(_ state: inout State, to value: CameraHealth.State) {
        guard state.health.state != value else { return }
        state.health.state = value
        state.health.since = clock.now()
        let health = state.health
        for (key, watcher) in state.watchers {
            if case .terminated = watcher.yield(health) { state.watchers[key] = nil }
        }
    }

    /// Gives something to everybody who still reads; the references are returned so that none is let go of inside.
    private func deliver(_ state: inout State, _ give: (PacketSubscription) -> Void) -> [PacketSubscription] {
        var readers: [PacketSubscription] = []
        var gone: [Int] = []
        for (key, reader) in state.subscribers {
            if let subscription = reader.subscription {
                give(subscription)
                readers.append(subscription)
            } else {
                gone.append(key)
            }
        }
        for key in gone { state.subscribers[key] = nil }
        return readers
    }
}
