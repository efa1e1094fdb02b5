"""PDF: a table of text is a proposal to confirm, a scan is proof alone."""
from __future__ import annotations

import io

from corpus.grid import shown
from corpus.model import Built, Expected, Table, below, idn, made, seeded


@made("LAKIP hal 23.pdf")
def text_pdf() -> Built:
    """A ruled table in a PDF with text: read as a proposal, to be confirmed by a person."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import Paragraph, SimpleDocTemplate
    from reportlab.platypus import Table as Ruled

    figures = seeded("lakip")
    areas = below("33.72")
    facts = [(a, figures.randrange(1_001, 9_000), figures.randrange(10, 900)) for a in areas]
    grid = [["No", "Kecamatan", "Jumlah Pelanggan", "Jumlah Aduan"],
            *([i, a.name, idn(x), y] for i, (a, x, y) in enumerate(facts, 1)),
            ["", "Jumlah", idn(sum(x for _, x, _ in facts)), sum(y for *_, y in facts)]]
    made_up = io.BytesIO()
    lines = [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))]
    SimpleDocTemplate(made_up, pagesize=A4, invariant=1).build([
        Paragraph("Tabel 4 Pelanggan dan Aduan Menurut Kecamatan, 2025"),
        Ruled([[shown(cell) for cell in row] for row in grid], style=lines)])
    return Built(made_up.getvalue(), Expected(home="33.72", to_confirm=True, tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "jumlah_pelanggan": "integer",
         "jumlah_aduan": "integer"}, [(a.code, a.name, x, y) for a, x, y in facts],
        optional={"tahun": 2025})]))


@made("Scan berita acara.pdf")
def scan() -> Built:
    """A page that is one picture: kept as proof, no figure is read from it."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    made_up = io.BytesIO()
    page = Canvas(made_up, invariant=1)
    page.drawImage(ImageReader(Image.new("L", (200, 280), 200)), 0, 0, 595, 842)
    page.save()
    return Built(made_up.getvalue(), Expected(proof=True))
