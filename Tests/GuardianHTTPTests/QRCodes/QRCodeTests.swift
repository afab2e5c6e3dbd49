import GuardianCore
import GuardianHTTP
import GuardianOperations
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

// That other programs read the codes is tested in Tests/EndToEnd/test_qr_codes.py.
@Suite("QR codes")
struct QRCodeTests {
    /// A finder pattern's rows (ISO/IEC 18004, 6.3.3.1).
    private let finder = ["#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"]

    private func text(_ code: QRCode, rows: Range<Int>, columns: Range<Int>) -> [String] {
        code.modules[rows].map { row in String(row[columns].map { $0 ? "#" : " " }) }
    }

    @Test(
        "have the smallest size that holds the text at error correction M",
        arguments: [("a", 21), (String(repeating: "a", count: 14), 21), (String(repeating: "a", count: 15), 25)])
    func size(content: String, width: Int) throws {
        // Versions 1 and 2 hold 14 and 26 bytes (ISO/IEC 18004, table 7).
        let code = try QRCode(content)
        #expect(code.modules.count == width && code.modules.allSatisfy { $0.count == width })
    }

    @Test("have a finder pattern in three corners")
    func finders() throws {
        let code = try QRCode("https://recorder.local:8480/setup#AbC")
        let end = code.modules.count
        #expect(text(code, rows: 0..<7, columns: 0..<7) == finder)
        #expect(text(code, rows: 0..<7, columns: end - 7..<end) == finder)
        #expect(text(code, rows: end - 7..<end, columns: 0..<7) == finder)
    }

    @Test("hold 2,331 bytes at most, and not nothing")
    func limits() throws {
        #expect(try QRCode(String(repeating: "x", count: 2_331)).modules.count == 177)
        for content in ["", String(repeating: "x", count: 2_332), String(repeating: "é", count: 1_166)] {
            #expect(throws: GuardianError.self) { try QRCode(content) }
        }
    }

    @Test("are drawn in modules as one path, whose runs are the dark modules")
    func drawing() throws {
        let code = try QRCode("hello")
        let svg = code.svg
        #expect(svg.contains("viewBox=\"0 0 29 29\"") && !svg.contains("currentColor"))
        #expect(svg.split(separator: "<path ").count == 2)
        var drawn = [[Bool]](repeating: [Bool](repeating: false, count: 29), count: 29)
        for run in svg.matches(of: /M(\d+) (\d+)h(\d+)v1h-(\d+)z/) {
            let (x, y) = (try #require(Int(run.output.1)), try #require(Int(run.output.2)))
            let length = try #require(Int(run.output.3))
            #expect(run.output.3 == run.output.4)
            for column in x..<x + length { drawn[y][column] = true }
        }
        #expect(drawn[4..<25].map { Array($0[4..<25]) } == code.modules)
        // The light margin is four modules wide.
        #expect(drawn.joined().count { $0 } == code.modules.joined().count { $0 })
    }

    @Test("have two rows of modules in each line of a terminal")
    func terminal() throws {
        let code = try QRCode("hello")
        let lines = code.terminalLines
        #expect(lines.count == 15)
        var drawn: [[Bool]] = []
        for line in lines {
            let blocks = try #require(line.wholeMatch(of: /\x{1B}\[30;107m(.*)\x{1B}\[0m/)).output.1
            drawn.append(blocks.map { "█▀".contains($0) })
            drawn.append(blocks.map { "█▄".contains($0) })
        }
        #expect(drawn.allSatisfy { $0.count == 29 })
        #expect(drawn[4..<25].map { Array($0[4..<25]) } == code.modules)
        #expect(drawn.joined().count { $0 } == code.modules.joined().count { $0 })
    }

    private func post(_ body: String) async throws -> TestResponse {
        let server = try WebServer(
            address: ListenAddress(host: "127.0.0.1", port: 0), gate: .open, metrics: MetricsRegistry(),
            logger: Logger(label: "test")
        ) { routes in routes.addQRCodes() }
        return try await server.application.test(.router) { client in
            try await client.execute(
                uri: "/api/v1/qr-codes", method: .post, headers: [.contentType: "application/json"],
                body: ByteBuffer(string: body))
        }
    }

    @Test("come over the API as SVG that nobody stores")
    func route() async throws {
        let answer = try await post(#"{"text": "hello"}"#)
        #expect(answer.status == .ok && answer.headers[.contentType] == "image/svg+xml")
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(String(buffer: answer.body) == (try QRCode("hello").svg))
    }

    @Test("over the API hold up to 512 characters of any kind")
    func routeLimits() async throws {
        for (character, count, status) in [("x", 512, 200), ("😀", 512, 200), ("x", 513, 400), ("x", 0, 400)] {
            let answer = try await post("{\"text\": \"\(String(repeating: character, count: count))\"}")
            #expect(answer.status.code == status, "\(count) × \(character)")
            if status == 400 { #expect(String(buffer: answer.body).contains(#""field":"text""#)) }
        }
        #expect(try await post(#"{"txt": "x"}"#).status == .badRequest)
    }
}
