import GuardianMedia
import Testing

@Suite("What a camera sends over RTSP")
struct RTSPSplitterTests {
    private func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    private let packet: [UInt8] = [0x24, 0, 0, 9] + Array("RTSP/1.0 ".utf8)

    /// Returns the starts of the messages, and all bytes.
    private func split(_ bytes: [UInt8], pieces size: Int) throws -> (starts: [String], bytes: [UInt8]) {
        var (splitter, starts, out) = (RTSPSplitter.ofCamera, [String](), [UInt8]())
        for start in stride(from: 0, to: bytes.count, by: size) {
            splitter.append(bytes[start..<min(start + size, bytes.count)])
            while let piece = try splitter.next() {
                switch piece {
                case .message(let message):
                    starts.append(message.start)
                    out += message.bytes
                case .other(let bytes): out += bytes
                }
            }
        }
        return (starts, out)
    }

    @Test("is split into the same messages however it arrives, and nothing is lost", arguments: [1, 2, 3, 7, 1_000])
    func pieces(_ size: Int) throws {
        let answer = text("RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 4\r\n\r\n$abc")
        let request = text("OPTIONS rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\n\r\n")
        let all =
            answer + packet + text("RTSnoise") + packet + text("RTSP/1.0 404 Not Found\r\n\r\n") + request + packet
        let (starts, bytes) = try split(all, pieces: size)
        #expect(starts == ["RTSP/1.0 200 OK", "RTSP/1.0 404 Not Found"])
        #expect(bytes == all)
    }

    @Test("is not collected without bound")
    func bound() throws {
        let endless = text("RTSP/1.0 200 OK\r\nX: ") + [UInt8](repeating: 0x61, count: 200_000)
        #expect(throws: RTSPSplitter.Overflow.self) { try split(endless, pieces: 10_000) }
        let huge = text("RTSP/1.0 200 OK\r\nContent-Length: 999999999\r\n\r\n")
        #expect(throws: RTSPSplitter.Overflow.self) { try split(huge, pieces: 10_000) }
        let negative = text("RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n")
        #expect(throws: RTSPSplitter.Overflow.self) { try split(negative, pieces: 10_000) }
    }
}
