import Foundation
import GuardianCore
import GuardianMedia
import Logging

extension StreamFeed {
    /// Runs on the stream's thread: connects, reads, and reconnects until interrupted.
    func readUntilInterrupted(_ interruption: Interruption) {
        var failures = 0
        var end: Ticks = -1
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
                // A connection that delivered packets resets the back-off.
                if state.withLock({ $0.isLive }) { failures = 0 }
                fail(.wrap(error, "Reading the camera's stream failed."))
            }
            source.close()
            failures += 1
            let wait = settings.backoff.delay(after: failures)
            interruption.wait(until: .now + wait)
        }
    }

    /// Reads one connection to its end, and updates `end` to the end time of the last packet. The caller closes the source after
    /// it has noted the loss: closing may take long.
    ///
    /// - Returns: whether a packet was published.
    private func read(_ source: any VideoSource, _ end: inout Ticks) throws -> Bool {
        let stream = try source.open()
        try check(stream)
        if !source.droppedStreams.isEmpty {
            logger.notice(
                "some of the camera's streams are not recorded",
                metadata: ["camera": "\(name)", "dropped": "\(source.droppedStreams.joined(separator: ", "))"])
        }
        var announced: StreamDescription? = stream
        var received = false
        // Sound that came before the first keyframe is not kept, but shows that there is some.
        var heard = SoundWatch()
        while let item = try source.next() {
            switch item {
            case .changed(let stream):
                try check(stream)
                logger.notice(
                    "stream format changed",
                    metadata: ["camera": "\(name)", "size": "\(stream.width)x\(stream.height)"])
                announced = stream
            case .packet(let packet):
                end = max(end, packet.dts + packet.duration)
                guard received || (packet.kind == .video && packet.isKeyframe) else {
                    heard.note(packet)
                    continue
                }
                publish(packet, announced, beginning: received ? nil : heard, zeroTime: source.zeroTime)
                note(source.timestampFault)
                announced = nil
                received = true
            }
        }
        return received
    }

    /// Names a fault of the camera's timestamps once for each connection.
    private func note(_ fault: TimestampFault?) {
        let isNew = state.withLock { state in
            guard state.health.timestampFault != fault else { return false }
            state.health.timestampFault = fault
            return true
        }
        guard isNew else { return }
        switch fault {
        case .rate:
            logger.warning(
                "the camera's clock runs wrong: its pictures are dated by their arrival",
                metadata: ["camera": "\(name)"])
        case .strays:
            logger.notice(
                "the camera gives some pictures wrong times: they are mended", metadata: ["camera": "\(name)"])
        case nil: break
        }
    }

    private func check(_ stream: StreamDescription) throws {
        guard isRecorded, !stream.codec.isRecordable else { return }
        throw GuardianError(
            .failedPrecondition,
            "The camera sends \(stream.codec.name), which cannot be recorded. Set the camera to H.264 or H.265.")
    }

    /// - Parameter heard: what was heard before, for the first packet of a connection; `nil` for the others.
    private func publish(
        _ packet: Packet, _ stream: StreamDescription?, beginning heard: SoundWatch?, zeroTime: Timestamp?
    ) {
        let readers = state.withLock { state -> [PacketSubscription] in
            if let heard { begin(&state, packet, heard) }
            if let stream {
                state.stream = stream
                state.ring.removeAll()
                state.health.codec = stream.codec.name
                (state.health.width, state.health.height) = (stream.width, stream.height)
            }
            state.ring.cover(seconds: settings.ringSeconds)
            state.ring.append(packet)
            state.sound.note(packet)
            let step = state.anchor.update(
                mediaTime: packet.mediaTime, arrival: packet.arrival, elapsed: milliseconds(packet.arrivalInstant),
                zeroTime: zeroTime)
            if let step { noteSetting(of: step) }
            let arrival = Occurrence(instant: packet.arrivalInstant, time: packet.arrival)
            if heard != nil { state.arrivals = PacketArrivals(first: arrival) }
            state.arrivals?.add(arrival, isKeyframe: packet.kind == .video && packet.isKeyframe)
            state.meter.count(bytes: packet.byteCount, isPicture: packet.kind == .video, second: second)
            state.health.lastPacketAt = packet.arrival
            state.health.missingPackets += packet.missingBefore
            // Within the lock, so that a new subscription gets this packet either from the ring or from here.
            return deliver(&state) { reader in
                if let stream { reader.offer(.stream(stream)) }
                reader.offer(.packet(packet))
            }
        }
        // The last reference may be released here, outside the lock: the subscription's `deinit` acquires the lock.
        withExtendedLifetime(readers) {}
    }

    private func begin(_ state: inout State, _ packet: Packet, _ heard: SoundWatch) {
        state.isLive = true
        state.sound = heard
        let step = state.anchor.begin(
            mediaTime: packet.mediaTime, arrival: packet.arrival, elapsed: milliseconds(packet.arrivalInstant))
        if let step { noteSetting(of: step) }
        if state.health.lastPacketAt != nil { state.health.reconnects += 1 }
        change(&state, to: .live)
        logger.info("camera connected", metadata: ["camera": "\(name)"])
    }

    private func noteSetting(of step: Int64) {
        logger.notice(
            "the recorder's clock was set: pictures are dated by it from now on",
            metadata: ["camera": "\(name)", "seconds": "\(Double(step) / 1000)"])
    }

    private func fail(_ error: GuardianError) {
        let readers = state.withLock { state -> [PacketSubscription] in
            let isNew = state.health.state != .lost || state.health.lastFailure != error.message
            state.health.lastFailure = error.message
            if isNew {
                logger.warning(
                    "camera lost", metadata: ["camera": "\(name)", "reason": "\(error.message)"])
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

    /// Calls `offer` with each subscription that still exists. Returns the references, so that none is released within the
    /// lock.
    private func deliver(_ state: inout State, _ offer: (PacketSubscription) -> Void) -> [PacketSubscription] {
        var readers: [PacketSubscription] = []
        var gone: [Int] = []
        for (key, reader) in state.subscribers {
            if let subscription = reader.subscription {
                offer(subscription)
                readers.append(subscription)
            } else {
                gone.append(key)
            }
        }
        for key in gone { state.subscribers[key] = nil }
        return readers
    }
}
