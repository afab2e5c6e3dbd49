import Foundation

/// What Linux says of the machine (proc(5), and "Generic Thermal Sysfs driver" of the kernel's documentation). What cannot be read is
/// `nil`: a container or a sandbox may hide it.
package struct MachineReadings: Sendable {
    /// Processor time since the start, in the kernel's ticks.
    package struct ProcessorTime: Hashable, Sendable {
        package let busy: Int64
        package let total: Int64

        package init(busy: Int64, total: Int64) { (self.busy, self.total) = (busy, total) }
    }

    package struct Memory: Hashable, Sendable {
        /// Bytes.
        package let total: Int64
        package let available: Int64

        package init(total: Int64, available: Int64) { (self.total, self.available) = (total, available) }
    }

    package struct Traffic: Hashable, Sendable {
        /// Bytes since the interfaces came up.
        package var received: Int64
        package var sent: Int64

        package init(received: Int64, sent: Int64) { (self.received, self.sent) = (received, sent) }
    }

    /// The most bytes that are read of one file.
    private static let limit = 65_536

    /// Where the kernel's files are, without a slash at the end; empty but in tests.
    private let root: String

    package init(root: String = "") { self.root = root }

    package var processorTime: ProcessorTime? { text("/proc/stat").flatMap(Self.processorTime) }
    package var memory: Memory? { text("/proc/meminfo").flatMap(Self.memory) }
    package var traffic: Traffic? { text("/proc/net/dev").flatMap(Self.traffic) }

    /// The load average of one minute, in thousandths.
    package var load: Int64? {
        text("/proc/loadavg").flatMap { $0.split(separator: " ").first }.flatMap { Double($0) }
            .flatMap { Int64(exactly: ($0 * 1000).rounded()) }
    }

    /// Resident bytes of this process.
    package var processMemory: Int64? {
        guard let fields = text("/proc/self/statm")?.split(separator: " "), fields.count > 1,
            let pages = Int64(fields[1])
        else { return nil }
        return pages.multipliedReportingOverflow(by: Int64(sysconf(Int32(_SC_PAGESIZE)))).partialValue
    }

    /// The hottest sensor, in thousandths of a degree Celsius.
    package var temperature: Int64? {
        let sensors = "\(root)/sys/class/thermal"
        let zones = (try? FileManager.default.contentsOfDirectory(atPath: sensors)) ?? []
        return zones.filter { $0.hasPrefix("thermal_zone") }.prefix(64).compactMap { zone in
            text("/sys/class/thermal/\(zone)/temp").flatMap {
                Int64($0.trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }.filter { (-40_000...150_000).contains($0) }.max()
    }

    package static func processorTime(_ stat: String) -> ProcessorTime? {
        guard let line = stat.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
        let ticks = line.split(separator: " ").dropFirst().prefix(8).map { Int64($0) ?? -1 }
        guard ticks.count == 8, ticks.allSatisfy({ (0...1 << 48).contains($0) }) else { return nil }
        let total = ticks.reduce(0, +)
        // The fourth and fifth are idle time and waiting for disks.
        return ProcessorTime(busy: total - ticks[3] - ticks[4], total: total)
    }

    package static func memory(_ meminfo: String) -> Memory? {
        func bytes(_ name: String) -> Int64? {
            let line = meminfo.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            guard let fields = line?.split(separator: " "), fields.count > 1, let kilobytes = Int64(fields[1]),
                (0...1 << 40).contains(kilobytes)
            else { return nil }
            return kilobytes * 1024
        }
        guard let total = bytes("MemTotal"), let available = bytes("MemAvailable") else { return nil }
        return Memory(total: total, available: min(available, total))
    }

    /// The sum of all interfaces but the loopback.
    package static func traffic(_ dev: String) -> Traffic? {
        let lines = dev.split(separator: "\n").filter { $0.contains(":") }
        guard !lines.isEmpty else { return nil }
        var traffic = Traffic(received: 0, sent: 0)
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) != "lo" else { continue }
            let fields = parts[1].split(separator: " ")
            guard fields.count > 8, let received = Int64(fields[0]), let sent = Int64(fields[8]) else { return nil }
            traffic.received = traffic.received.addingReportingOverflow(received).partialValue
            traffic.sent = traffic.sent.addingReportingOverflow(sent).partialValue
        }
        return traffic
    }

    private func text(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: root + path) else { return nil }
        defer { try? file.close() }
        return (try? file.read(upToCount: Self.limit)).flatMap { String(bytes: $0, encoding: .utf8) }
    }
}
