import GuardianCore
import GuardianMedia
import Testing

@Suite("Times in a file that leap ahead")
struct OutlierFilterTests {
    private func corrected(_ seconds: [Double], start: Ticks = 0) -> [Double] {
        var filter = OutlierFilter<Int>(start: start)
        var times: [Double] = []
        func take() {
            while let entry = filter.next() { times.append(Double((entry.dts ?? -1).count) / 90_000) }
        }
        for (index, second) in seconds.enumerated() {
            let time = Ticks.seconds(second)
            filter.add(.init(item: index, pts: time, dts: time))
            take()
        }
        filter.finish()
        take()
        return times
    }

    private let regular = (0..<40).map { Double($0) }

    @Test(
        "and come back are put between their neighbours",
        arguments: [[0], [1], [20], [20, 21, 22], [39], [38, 39], [5, 30]])
    func leaps(_ outliers: [Int]) {
        var times = regular
        for index in outliers { times[index] += 86_400 }
        let corrected = corrected(times)
        #expect(corrected.count == regular.count)
        #expect(corrected == corrected.sorted())
        #expect(zip(corrected, regular).allSatisfy { abs($0 - $1) <= 1 })
    }

    @Test("and do not come back are a gap, which stays")
    func gap() {
        let times = regular.map { $0 < 10 ? $0 : $0 + 7_200 }
        #expect(corrected(times) == times)
    }

    @Test("all the time belong to a film of few pictures")
    func timeLapse() {
        let times = regular.map { $0 * 30 }
        #expect(corrected(times) == times)
        #expect(corrected([0, 30, 60]) == [0, 30, 60])
    }

    @Test("or back are left to others")
    func backwards() {
        let times = regular.map { $0 < 10 ? $0 + 500 : $0 }
        #expect(corrected(times, start: 500 * 90_000) == times)
    }
}
