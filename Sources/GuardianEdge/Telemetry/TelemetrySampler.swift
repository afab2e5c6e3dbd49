import GuardianCore
import GuardianHTTP
import GuardianTelemetry

/// Measures the edge: what grew since the sample before needs that one.
package struct TelemetrySampler {
    /// What a camera counted since its station began.
    package struct CameraCounts: Hashable, Sendable {
        package var reconnects: Int
        package var missingPackets: Int

        package init(reconnects: Int = 0, missingPackets: Int = 0) {
            self.reconnects = reconnects
            self.missingPackets = missingPackets
        }

        init(_ health: CameraHealth) {
            self.init(reconnects: health.reconnects, missingPackets: health.missingPackets)
        }
    }

    private let machine: MachineReadings
    private var processorTime: MachineReadings.ProcessorTime?
    private var traffic: MachineReadings.Traffic?
    private var cameras: [CameraID: CameraCounts] = [:]

    package init(machine: MachineReadings = MachineReadings()) { self.machine = machine }

    /// - Parameters:
    ///   - status: `nil` when it could not be read.
    ///   - counts: of each camera that runs.
    package mutating func sample(at time: Timestamp, status: StatusView?, counts: [CameraID: CameraCounts])
        -> TelemetrySample
    {
        var sample = TelemetrySample(at: time)
        sample.set(.edgeUp, 1)
        measureMachine(&sample)
        if let status { Self.copy(status, into: &sample) }
        measure(counts, &sample)
        return sample
    }

    private mutating func measureMachine(_ sample: inout TelemetrySample) {
        let now = (processorTime: machine.processorTime, traffic: machine.traffic)
        if let now = now.processorTime, let before = processorTime, now.total > before.total {
            let (busy, total) = (max(0, now.busy - before.busy), now.total - before.total)
            sample.set(.cpu, min(1000, busy * 1000 / total))
        }
        // An interface that came up again counts from 0: how much it grew is not known.
        if let now = now.traffic, let before = traffic, now.received >= before.received, now.sent >= before.sent {
            sample.set(.networkReceived, now.received - before.received)
            sample.set(.networkSent, now.sent - before.sent)
        }
        (processorTime, traffic) = now
        let memory = machine.memory
        sample.set(.memoryTotal, memory?.total)
        sample.set(.memoryUsed, memory.map { $0.total - $0.available })
        sample.set(.load, machine.load)
        sample.set(.processMemory, machine.processMemory)
        sample.set(.temperature, machine.temperature)
    }

    private static func copy(_ status: StatusView, into sample: inout TelemetrySample) {
        sample.set(.clips, Int64(status.storage.clips))
        sample.set(.clipBytes, status.storage.clipBytes)
        // Of a disk that is away nothing is known.
        if status.storage.capacity > 0 {
            sample.set(.diskFree, status.storage.free)
            sample.set(.diskCapacity, status.storage.capacity)
        }
        if status.node.configured {
            sample.set(.outboxWaiting, Int64(status.node.waiting))
            sample.set(.outboxAge, status.node.oldestWaitingAt.map { max(0, sample.at - $0.time) } ?? 0)
        }
        if status.archive.configured { sample.set(.archiveWaiting, Int64(status.archive.waiting)) }
        sample.set(.inferenceMedian, status.inference.latencyMs.flatMap { Self.thousandths($0.p50) })
        sample.set(.inferenceSlowest, status.inference.latencyMs.flatMap { Self.thousandths($0.p99) })
        sample.set(.errors, Int64(status.problems.count { $0.severity == .error }))
        sample.set(.warnings, Int64(status.problems.count { $0.severity == .warning }))
        // A camera that the owner has paused does not fail.
        for camera in status.cameras where camera.state != .paused {
            sample.set(.cameraLive, of: camera.cameraId, camera.state == .live ? 1 : 0)
            sample.set(.cameraFrameRate, of: camera.cameraId, thousandths(camera.fps))
            sample.set(.cameraBitrate, of: camera.cameraId, Int64(exactly: camera.bitrate.rounded()))
        }
    }

    private mutating func measure(_ counts: [CameraID: CameraCounts], _ sample: inout TelemetrySample) {
        for (camera, now) in counts {
            // Counts of a new station begin at 0.
            let before = cameras[camera] ?? CameraCounts()
            sample.set(.cameraReconnects, of: camera, Self.growth(now.reconnects, before.reconnects))
            sample.set(.cameraPacketsMissing, of: camera, Self.growth(now.missingPackets, before.missingPackets))
        }
        cameras = counts
    }

    private static func growth(_ now: Int, _ before: Int) -> Int64 { Int64(now >= before ? now - before : now) }

    private static func thousandths(_ value: Double) -> Int64? { Int64(exactly: (value * 1000).rounded()) }
}
