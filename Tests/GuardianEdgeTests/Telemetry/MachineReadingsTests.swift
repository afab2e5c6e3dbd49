import Foundation
import GuardianEdge
import GuardianTestKit
import Testing

@Suite("What the machine says of itself")
struct MachineReadingsTests {
    private let root = TemporaryFolder()

    private func write(_ text: String, to path: String) throws {
        let file = root.url.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private var machine: MachineReadings { MachineReadings(root: root.url.path) }

    @Test("is read as the kernel writes it")
    func genuine() throws {
        try write("cpu  100 5 45 800 50 0 10 0 0 0\ncpu0 1 2 3 4\nintr 1 2 3\n", to: "proc/stat")
        try write("MemTotal:       16000 kB\nMemFree: 10 kB\nMemAvailable:    4000 kB\n", to: "proc/meminfo")
        try write("0.25 0.10 0.05 1/200 4242\n", to: "proc/loadavg")
        try write(
            """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:  999       1    0    0    0     0          0         0      999       1    0    0    0     0       0          0
              eth0: 1000      10    0    0    0     0          0         0      300       3    0    0    0     0       0          0
             wlan0:20 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0
            """, to: "proc/net/dev")
        try write("41000\n", to: "sys/class/thermal/thermal_zone0/temp")
        try write("65500\n", to: "sys/class/thermal/thermal_zone1/temp")
        try write("-274000\n", to: "sys/class/thermal/thermal_zone2/temp")
        #expect(machine.processorTime == .init(busy: 160, total: 1010))
        #expect(machine.memory == .init(total: 16_384_000, available: 4_096_000))
        #expect(machine.load == 250)
        #expect(machine.traffic == .init(received: 1020, sent: 307))
        #expect(machine.temperature == 65_500, "not the sensor that is broken")
    }

    @Test("is nothing where a sandbox hides it")
    func hidden() {
        #expect(machine.processorTime == nil && machine.memory == nil && machine.load == nil)
        #expect(machine.traffic == nil && machine.temperature == nil && machine.processMemory == nil)
    }

    @Test("of this machine can be read")
    func here() throws {
        let here = MachineReadings()
        let processor = try #require(here.processorTime)
        #expect((1..<processor.total).contains(processor.busy))
        #expect(try #require(here.memory).available > 0)
        #expect(try #require(here.processMemory) > 1 << 20)
        #expect(here.load != nil && here.traffic != nil)
    }

    @Test("never stops the edge, whatever it is", arguments: [5, 6] as [UInt64])
    func hostile(seed: UInt64) throws {
        var input = HostileInput(seed: seed)
        let words = [
            "cpu ", "MemTotal:", "MemAvailable:", "kB", ":", " ", "\n", "9223372036854775807", "-1", "1e400", "nan",
            "lo:",
        ]
        for _ in 0..<HostileInput.count(200) {
            let text = (0..<Int.random(in: 0..<40, using: &input)).map { _ in words.randomElement(using: &input) ?? "" }
                .joined(separator: Bool.random(using: &input) ? " " : "")
            _ = MachineReadings.processorTime(text)
            _ = MachineReadings.memory(text)
            _ = MachineReadings.traffic(text)
            try write(text, to: "proc/loadavg")
            try write(text, to: "proc/self/statm")
            try write(text, to: "sys/class/thermal/thermal_zone0/temp")
            #expect((-40_000...150_000).contains(machine.temperature ?? 0))
            _ = machine.load
            _ = machine.processMemory
        }
    }
}
