"""A ready-made ParaView scene of a run: voltage on the map, events as they happen, title and clock.

    paraview --script=scene.py                     look around; press play
    pvbatch scene.py --png map.png [--time 12.5]   one picture, by default at the lowest voltage
    pvbatch scene.py --frames movie [--every 5]    a numbered picture of every 5th frame, for a film

Without a display: xvfb-run -a pvbatch scene.py ...
"""
import argparse
import os
import sys
import textwrap

from paraview import simple as pv

TITLE = ""
FOLDER = os.path.dirname(os.path.abspath(__file__)) if "__file__" in globals() else os.getcwd()
INK = [0.10, 0.13, 0.17]
PAPER = [0.97, 0.97, 0.95]
# Voltage in pu: red is low, blue is high, the normal range about 1 pu is green to pale.
VOLTAGE = [0.0, 0.25, 0.0, 0.05,
           0.7, 0.75, 0.05, 0.10,
           0.9, 0.98, 0.62, 0.15,
           0.95, 0.75, 0.85, 0.45,
           1.0, 0.20, 0.62, 0.38,
           1.05, 0.30, 0.70, 0.75,
           1.1, 0.10, 0.40, 0.85,
           1.2, 0.25, 0.10, 0.55]


def bounds_of(source):
    xmin, xmax, ymin, ymax, _, _ = source.GetDataInformation().GetBounds()
    return xmin, xmax, ymin, ymax


def has_array(information, name):
    return information.GetArray(name) is not None


def time_of_lowest_voltage(network, times):
    """The frame with the lowest voltage of a living bus; the last one if voltage was not recorded."""
    from paraview import servermanager
    best, when = None, times[-1]
    for time in times:
        network.UpdatePipeline(time)
        points = servermanager.Fetch(network).GetPointData()
        voltage, alive = points.GetArray("voltage_pu"), points.GetArray("alive")
        if voltage is None:
            return when
        for i in range(voltage.GetNumberOfTuples()):
            if alive is not None and alive.GetValue(i) == 0:
                continue
            if best is None or voltage.GetValue(i) < best:
                best, when = voltage.GetValue(i), time
    return when


def build():
    network = pv.PVDReader(registrationName="network", FileName=os.path.join(FOLDER, "network.pvd"))
    events = pv.PVDReader(registrationName="events", FileName=os.path.join(FOLDER, "events.pvd"))
    scene = pv.GetAnimationScene()
    scene.UpdateAnimationUsingDataTimeSteps()
    view = pv.GetActiveViewOrCreate("RenderView")
    view.ViewSize = [1600, 1000]
    view.UseColorPaletteForBackground = 0
    view.Background = PAPER
    view.OrientationAxesVisibility = 0
    view.InteractionMode = "2D"
    network.UpdatePipeline()
    xmin, xmax, ymin, ymax = bounds_of(network)
    size = max(xmax - xmin, ymax - ymin, 1e-9)
    count = max(network.GetDataInformation().GetNumberOfPoints(), 1)
    radius = size * min(0.014, max(0.003, 0.12 / count ** 0.5))

    # The events go a little above the buses, the lines a little below, so that the order of drawing is fixed.
    lines = pv.Show(network, view, "GeometryRepresentation")
    lines.Representation = "Surface"
    lines.LineWidth = 2.0
    lines.Position = [0, 0, -0.01 * size]
    lines.AmbientColor = lines.DiffuseColor = [0.62, 0.65, 0.68]
    if has_array(network.GetCellDataInformation(), "loading"):
        pv.ColorBy(lines, ("CELLS", "loading"))
        loading = pv.GetColorTransferFunction("loading")
        loading.RGBPoints = [0, 0.80, 0.82, 0.84, 0.6, 0.55, 0.58, 0.62, 0.9, 0.95, 0.65, 0.15, 1.0, 0.85, 0.10, 0.10,
                             1.5, 0.45, 0.0, 0.15]
        loading.ColorSpace = "RGB"
        loading.NanColor = [0.62, 0.65, 0.68]  # no rating, so no loading
        bar(loading, view, "branch loading", [0.90, 0.08])
    else:
        lines.ColorArrayName = ["CELLS", ""]

    buses = pv.PassArrays(registrationName="buses", Input=network)
    buses.PointDataArrays = [network.PointData[i].Name for i in range(network.PointData.NumberOfArrays)]
    points = pv.Show(buses, view, "GeometryRepresentation")
    points.SetRepresentationType("Point Gaussian")
    points.GaussianRadius = radius
    points.ShaderPreset = "Plain circle"
    if has_array(network.GetPointDataInformation(), "voltage_pu"):
        pv.ColorBy(points, ("POINTS", "voltage_pu"))
        voltage = pv.GetColorTransferFunction("voltage_pu")
        voltage.RGBPoints = VOLTAGE
        voltage.ColorSpace = "RGB"
        voltage.NanColor = [0.6, 0.6, 0.6]
        bar(voltage, view, "voltage (pu)", [0.90, 0.52])

    marks = pv.Show(events, view, "GeometryRepresentation")
    marks.SetRepresentationType("Point Gaussian")
    marks.GaussianRadius = 2.6 * radius
    marks.ShaderPreset = "Custom"
    marks.CustomShader = """//VTK::Color::Impl
float distance2 = dot(offsetVCVSOutput.xy, offsetVCVSOutput.xy);
if (distance2 > 1.0 || distance2 < 0.55) { discard; }"""
    marks.Position = [0, 0, 0.01 * size]
    marks.AmbientColor = marks.DiffuseColor = [0.80, 0.05, 0.35]
    marks.ColorArrayName = ["POINTS", ""]

    write(view, "\n".join(textwrap.wrap(TITLE or "Run", 90)), "Upper Left Corner", 20, True)
    clock = pv.AnnotateTimeFilter(registrationName="clock", Input=network)
    clock.Format = "t = {time:.3f} s"
    label = pv.Show(clock, view, "TextSourceRepresentation")
    style(label, "Lower Left Corner", 18, True)
    news = pv.PythonAnnotation(registrationName="latest event", Input=events)
    news.ArrayAssociation = "Point Data"
    news.Expression = LATEST_EVENT
    shown = pv.Show(news, view, "TextSourceRepresentation")
    style(shown, "Lower Center", 14, False)

    pv.Render(view)  # the first picture would reset the camera
    view.CameraParallelProjection = 1
    view.CameraPosition = [(xmin + xmax) / 2 + 0.04 * size, (ymin + ymax) / 2, 4 * size]
    view.CameraFocalPoint = [(xmin + xmax) / 2 + 0.04 * size, (ymin + ymax) / 2, 0]
    view.CameraViewUp = [0, 1, 0]
    view.CameraParallelScale = 0.58 * max(ymax - ymin, (xmax - xmin) / 1.45, 1e-9)
    return network, view, scene


# The last point of the events so far, and under it what it is laid to.
LATEST_EVENT = ("(lambda data, last: 'event %d at %.3f s: %s\\n%s%s' % ("
                "last + 1, data.GetArray('time_s').GetValue(last), data.GetAbstractArray('text').GetValue(last)[:110],"
                " 'because of event %d: ' % (data.GetArray('cause').GetValue(last) + 1)"
                " if data.GetArray('cause').GetValue(last) >= 0 else '',"
                " data.GetAbstractArray('cause_text').GetValue(last)[:110])"
                " if last >= 0 else ' ')(input.VTKObject.GetPointData(), input.VTKObject.GetNumberOfPoints() - 1)")


def write(view, text, place, size, bold):
    source = pv.Text(registrationName="title", Text=text)
    style(pv.Show(source, view, "TextSourceRepresentation"), place, size, bold)


def style(label, place, size, bold):
    label.WindowLocation = place
    label.FontSize = size
    label.Color = INK
    label.Bold = 1 if bold else 0
    label.Justification = "Center" if place == "Lower Center" else "Left"


def bar(function, view, title, position):
    scale = pv.GetScalarBar(function, view)
    scale.Title = title
    scale.ComponentTitle = ""
    scale.TitleColor = scale.LabelColor = INK
    scale.TitleFontSize = scale.LabelFontSize = 14
    scale.WindowLocation = "Any Location"
    scale.Position = position
    scale.ScalarBarLength = 0.36
    scale.AddRangeLabels = 0
    scale.HorizontalTitle = 1
    scale.AutomaticLabelFormat = 0
    scale.LabelFormat = "%.1f"
    scale.Visibility = 1


def main(arguments):
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--png", help="write one picture")
    options.add_argument("--time", type=float, help="simulated time of the picture, s")
    options.add_argument("--frames", help="folder for a numbered picture of every frame")
    options.add_argument("--every", type=int, default=1, help="take every n-th frame")
    wanted = options.parse_args(arguments)
    network, view, scene = build()
    times = list(network.TimestepValues) if hasattr(network.TimestepValues, "__len__") else [network.TimestepValues]
    if wanted.png:
        time = time_of_lowest_voltage(network, times) if wanted.time is None else wanted.time
        scene.AnimationTime = view.ViewTime = min(times, key=lambda frame: abs(frame - time))
        pv.Render(view)
        pv.SaveScreenshot(wanted.png, view, ImageResolution=view.ViewSize)
    if wanted.frames:
        os.makedirs(wanted.frames, exist_ok=True)
        for number, time in enumerate(times[::max(wanted.every, 1)]):
            scene.AnimationTime = view.ViewTime = time
            pv.SaveScreenshot(os.path.join(wanted.frames, "%05d.png" % number), view, ImageResolution=view.ViewSize)
    pv.Render(view)


main(sys.argv[1:])
