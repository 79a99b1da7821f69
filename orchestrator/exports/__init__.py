"""Tables that are saved as files: what stands in their lines, and how CSV and XLSX are written (API-1).

Web processes write small ones while somebody waits, workers the large ones.
"""
