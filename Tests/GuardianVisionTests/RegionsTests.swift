import GuardianCore
import GuardianVision
import Testing

@Suite("Regions")
struct RegionsTests {
    static let aspect = 4.0 / 3
    let regions = Regions(aspect: RegionsTests.aspect)

    static func covers(_ region: Box, _ box: Box) -> Bool {
        region.intersection(box).area > box.clipped.area * 0.999
    }

    @Test("without motion and tracks there are no regions")
    func nothing() {
        #expect(regions.select(tracks: [], blobs: []).isEmpty)
    }

    @Test("a region is square in pixels, lies within the picture and holds what it is for")
    func square() throws {
        for x in stride(from: -0.02, through: 0.98, by: 0.1) {
            let box = Box(x: x, y: 0.85, width: 0.05, height: 0.15)
            let region = try #require(regions.select(tracks: [box], blobs: []).first)
            #expect(abs(region.width * Self.aspect - region.height) < 1e-9)
            #expect(region.x >= 0 && region.y >= 0 && region.right <= 1.000001 && region.bottom <= 1.000001)
            #expect(Self.covers(region, box))
        }
    }

    @Test("close objects share a region; distant ones have their own")
    func joined() {
        let left = Box(x: 0.3, y: 0.4, width: 0.05, height: 0.15)
        let near = Box(x: 0.36, y: 0.4, width: 0.05, height: 0.15)
        let far = Box(x: 0.8, y: 0.4, width: 0.05, height: 0.15)
        #expect(regions.select(tracks: [left, near], blobs: []).count == 1)
        #expect(regions.select(tracks: [left, near, far], blobs: []).count == 2)
    }

    @Test("a blob that a track explains asks for no region of its own")
    func explained() {
        let track = Box(x: 0.3, y: 0.4, width: 0.05, height: 0.15)
        #expect(regions.select(tracks: [track], blobs: [Box(x: 0.31, y: 0.42, width: 0.04, height: 0.1)]).count == 1)
    }

    @Test("tiles cover the whole picture", arguments: [1, 2, 3, 4])
    func tiles(across: Int) {
        let tiles = regions.tiles(across: across)
        for column in 0..<20 {
            for row in 0..<20 {
                let point = Box(x: Double(column) / 20, y: Double(row) / 20, width: 0.05, height: 0.05)
                #expect(tiles.contains { Self.covers($0, point) } || across == 1, "\(column) \(row)")
            }
        }
    }

    @Test("there are never more regions than the limit")
    func limit() {
        let blobs = (0..<40).map { Box(x: Double($0 % 8) / 8, y: Double($0 / 8) / 5, width: 0.02, height: 0.02) }
        #expect(regions.select(tracks: [], blobs: blobs).count <= 8)
    }
}
