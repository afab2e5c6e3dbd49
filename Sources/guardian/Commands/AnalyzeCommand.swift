import ArgumentParser
import Foundation
import GuardianCore
import GuardianVision
import GuardianWatch

struct AnalyzeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Looks at a film as the edge looks at a camera, as fast as it goes.",
        discussion: """
            Example: guardian analyze garden.mp4
            Example: guardian analyze garden.mp4 --format mot > tracks.txt
            """)

    @Argument(help: "Any film that libav reads.")
    var file: String

    @Option(help: "Looks a second, 1 to 30.")
    var rate = 5.0

    @Option(help: "events: a JSON line an event. mot: MOT Challenge lines, a line an object in each frame.")
    var format = AnalysisFormat.events

    func validate() throws {
        guard (1...30).contains(rate) else { throw ValidationError("--rate takes 1 to 30 looks a second.") }
    }

    func run() async throws {
        let result = try FileAnalysis(detector: OpenVINODetector(), settings: WatchSettings(rate: rate)).run(path: file)
        try FileHandle.standardOutput.write(contentsOf: Data(format.text(result).utf8))
    }
}
