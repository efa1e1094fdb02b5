import pytest, json
import ckan.plugins.toolkit as tk
from ckan.tests import factories, helpers
@pytest.mark.usefixtures("clean_db","clean_index","with_plugins")
def test_try():
    global U; U=factories.Sysadmin()["name"]
    org=factories.Organization(title="Dinas Kesehatan", urusan=["1.02"], surel="a@b.go.id", jenis_instansi="dinas", kode_wilayah="36.04", desa_cantik_tahun=["2025"])
    print(json.dumps(org,indent=1))
    d=helpers.call_action("package_create", {"user": U, "ignore_auth": True}, title="Jumlah kunjungan puskesmas", owner_org=org["id"], satuan="Kunjungan", definisi="x"*10,
      temporal_coverage=[{"start":"2025"},{}], cakupan_pelaporan=[{"diterima":"88","seharusnya":92,"satuan":"posyandu"}], jadwal_rilis="15-03-2026", prioritas_tahun="2025\n2026",
      tag_string="a b; c, d/e", resources=[{"url":"http://x.id/a/b%20c.csv","skema":{"fields":[{"name":"a","type":"integer","kode_referensi":"wilayah"}]},"sha256":"x","asal_resource_id":"y"}], extras=[{"key":"foo","value":"bar"}])
    print(json.dumps(d,indent=1))
    d2=helpers.call_action("package_update", {"user": U, "ignore_auth": True}, **d)
    d.pop("metadata_modified"); d2.pop("metadata_modified")
    assert d==d2
    d2["satuan"]="persen"; d2["title"]="Lain"
    d3=helpers.call_action("package_update", {"user": U, "ignore_auth": True}, **d2)
    assert d3["ukuran"]=="Persentase"
    for bad in [{"title":"a\x00b"},{"frequency":"zz"},{"temporal_coverage":[{"start":"2025","end":"2024"}]},{"contact":[{"email":"zz"}]},{"extras":[{"key":"satuan","value":"x"}]},{"kode_wilayah":["99.99"]},{"resources":[{"url":"x","skema":"{"}]}]:
        with pytest.raises(tk.ValidationError) as e:
            helpers.call_action("package_create", {"user": U, "ignore_auth": True}, **{**dict(title="x y", owner_org=org["id"]), **bad})
        print(e.value.error_dict)
    for t in ("kegiatan","indikator"):
        k=helpers.call_action("package_create", {"user": U, "ignore_auth": True}, type=t, title="Keg "+t, owner_org=org["id"], rekomendasi="Ya", indikator_komposit="tidak", vi_jumlah_supervisor=4,ms_var=[{"nama":"a","konsep":"x\ny","bisa_diakses_umum":"ya","klasifikasi_isian":["1=L"]}], iv_metode=["wawancara"])
        print(json.dumps(k,indent=1))
