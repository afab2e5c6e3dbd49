import GuardianCore
import GuardianVision
import Testing

/// Noise that is the same on every run.
private struct Noise {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next(_ amplitude: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % (2 * amplitude + 1) - amplitude
    }
}

@Suite("Motion gate")
struct MotionGateTests {
    static let columns = 192
    static let rows = 144

    /// Returns a scene with some structure, `light` grey levels brighter, with noise, and a dark object in it.
    private static func picture(_ noise: inout Noise, light: Int = 0, amplitude: Int = 3, object: Box? = nil) -> [UInt8]
    {
        var pixels: [UInt8] = []
        for row in 0..<rows {
            for column in 0..<columns {
                var value = 90 + (column / 16 + row / 12) % 3 * 30 + light
                if let object {
                    let x = (Double(column) + 0.5) / Double(columns)
                    let y = (Double(row) + 0.5) / Double(rows)
                    if x > object.x, x < object.right, y > object.y, y < object.bottom { value = 20 }
                }
                pixels.append(UInt8(min(255, max(0, value + noise.next(amplitude)))))
            }
        }
        return pixels
    }

    @Test("an empty scene with noise and slowly changing light shows nothing")
    func empty() {
        var gate = MotionGate()
        var noise = Noise(7)
        for look in 0..<100 {
            let light = look % 50 < 25 ? look % 25 : 25 - look % 25
            let motion = gate.update(
                luma: Self.picture(&noise, light: light, amplitude: 5), columns: Self.columns, rows: Self.rows)
            #expect(motion.blobs.isEmpty, "look \(look)")
        }
    }

    @Test("somebody who comes in is one blob around them")
    func object() throws {
        var gate = MotionGate()
        var noise = Noise(3)
        for _ in 0..<20 { _ = gate.update(luma: Self.picture(&noise), columns: Self.columns, rows: Self.rows) }
        for step in 0..<10 {
            let object = Box(x: 0.2 + Double(step) * 0.03, y: 0.4, width: 0.06, height: 0.2)
            let motion = gate.update(
                luma: Self.picture(&noise, object: object), columns: Self.columns, rows: Self.rows)
            let blob = try #require(motion.blobs.first)
            #expect(motion.blobs.count == 1)
            #expect(blob.overlap(object) > 0.7)
            #expect(motion.cells.fraction(in: object) > 0.7)
        }
    }

    @Test("an object that was put down and stays becomes background")
    func settled() {
        var gate = MotionGate()
        var noise = Noise(11)
        for _ in 0..<20 { _ = gate.update(luma: Self.picture(&noise), columns: Self.columns, rows: Self.rows) }
        let object = Box(x: 0.4, y: 0.4, width: 0.1, height: 0.1)
        var last: Motion?
        for _ in 0..<120 {
            last = gate.update(luma: Self.picture(&noise, object: object), columns: Self.columns, rows: Self.rows)
        }
        #expect(last?.blobs.isEmpty == true)
    }

    @Test("switching on the light changes the scene without motion")
    func switchedOn() {
        var gate = MotionGate()
        var noise = Noise(5)
        for _ in 0..<20 { _ = gate.update(luma: Self.picture(&noise), columns: Self.columns, rows: Self.rows) }
        for _ in 0..<5 {
            let motion = gate.update(
                luma: Self.picture(&noise, light: 70), columns: Self.columns, rows: Self.rows)
            #expect(motion.blobs.isEmpty)
        }
    }
}
