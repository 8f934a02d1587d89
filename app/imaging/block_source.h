#pragma once

#include "imaging/arrange.h"
#include "imaging/block_rows.h"
#include "imaging/imaging_options.h"
#include "imaging/input_file.h"
#include "imaging/jpeg_reader.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace steadyframe::imaging {

/// The blocks of a picture at the size of the result, turned as it is stored. Can be gone through again, for another
/// try, with the same blocks. @thread one at a time
class BlockSource {
public:
    BlockSource() = default;
    BlockSource(const BlockSource &) = delete;
    BlockSource &operator=(const BlockSource &) = delete;
    virtual ~BlockSource() = default;
    /// Puts all rows of units of `grid` into `sink`, resized to it. `orientation` tells the sides at which units are
    /// filled up. `step` is called with the fraction that is done.
    [[nodiscard]] virtual isolate::Result<void, ImagingError>
    run(const BlockGrid &grid, Orientation orientation, BlockSink &sink, const std::function<void(double)> &step) = 0;
    /// A sentence about what the file lacks, once it has been gone through; empty when it is whole.
    [[nodiscard]] virtual std::string loss() const { return {}; }
    /// After a `run` that failed: another, into a sink that is new, goes another way and may do.
    [[nodiscard]] virtual bool hasAnotherWay() { return false; }
};

/// Those of a JPEG file. Holds no more than a few dozen rows of it, unless it is progressive.
class JpegBlockSource final : public BlockSource {
public:
    JpegBlockSource(InputFile &file, const ImagingLimits &limits, std::stop_token stop);

    /// Once, before the rest.
    [[nodiscard]] isolate::Result<JpegHeader, ImagingError> readHeader();
    /// The reader of the header, before the first `run`.
    [[nodiscard]] JpegReader &reader() { return *m_reader; }
    /// Where the file ends early, what is there is the picture.
    void takeWhatIsThere() { m_takeWhatIsThere = true; }
    void convertBy(std::shared_ptr<const ColorTransform> transform) { m_transform = std::move(transform); }
    [[nodiscard]] std::string loss() const override { return m_loss; }
    [[nodiscard]] isolate::Result<void, ImagingError> run(const BlockGrid &grid, Orientation orientation,
                                                          BlockSink &sink,
                                                          const std::function<void(double)> &step) override;
    [[nodiscard]] bool hasAnotherWay() override { return std::exchange(m_scanFailed, false); }

private:
    using Step = std::function<void(double)>;
    [[nodiscard]] isolate::Result<void, ImagingError> runLibrary(const BlockGrid &grid, Orientation orientation,
                                                                 BlockSink &sink, const Step &step);
    [[nodiscard]] isolate::Result<void, ImagingError>
    runScan(ScanDecoder &decoder, const BlockGrid &grid, Orientation orientation, BlockSink &sink, const Step &step);
    [[nodiscard]] isolate::Result<void, ImagingError> copyBlocks(ScanDecoder &decoder, BlockSink &sink,
                                                                 const Step &step);
    [[nodiscard]] ImagingError scanError();

    InputFile &m_file;
    ImagingLimits m_limits;
    std::stop_token m_stop;
    std::optional<JpegReader> m_reader; ///< when its header alone has been read
    JpegHeader m_header;
    bool m_takeWhatIsThere = false;
    std::shared_ptr<const ColorTransform> m_transform;
    std::string m_loss;
    bool m_scanFailed = false;
    bool m_usesLibrary = false; ///< our own decoder met something that it does not know
};

/// Those of a picture in memory.
class PictureBlockSource final : public BlockSource {
public:
    PictureBlockSource(Picture picture, std::stop_token stop) : m_picture(std::move(picture)), m_stop(std::move(stop))
    {
    }
    [[nodiscard]] isolate::Result<void, ImagingError> run(const BlockGrid &grid, Orientation orientation,
                                                          BlockSink &sink,
                                                          const std::function<void(double)> &step) override;

private:
    Picture m_picture;
    std::stop_token m_stop;
};

} // namespace steadyframe::imaging
