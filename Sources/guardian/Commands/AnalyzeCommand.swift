import ArgumentParser
import Foundation
import GuardianCore
import GuardianVision
import GuardianWatch

struct AnalyzeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Analyses a video file as the edge analyses a camera, as fast as possible.",
        discussion: """
            Example: guardian analyze garden.mp4
            Example: guardian analyze garden.mp4 --format mot > tracks.txt
            """)

    @Argument(help: "A video file in any format that FFmpeg reads.")
    var file: String

    @Option(help: "Looks per second, 1 to 30.")
    var rate = 5.0

    @Option(help: "events: a JSON line per event. mot: MOT Challenge lines, one per object and frame.")
    var format = AnalysisFormat.events

    func validate() throws {
        guard (1...30).contains(rate) else { throw ValidationError("--rate takes 1 to 30 looks a second.") }
    }

    func run() async throws {
        let result = try FileAnalysis(detector: OpenVINODetector(), settings: WatchSettings(rate: rate)).run(path: file)
        try FileHandle.standardOutput.write(contentsOf: Data(format.text(result).utf8))
    }
}
